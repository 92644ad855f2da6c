/** Adding or editing an endpoint: checked while typed, tried before it is saved. */
import { type FormEvent, useState } from 'react';
import type { Trial } from '../../../shared/contract/settings-change.ts';
import type { EndpointEntry } from '../../../shared/contract/settings-schema.ts';
import { CRITICALITIES, ENDPOINT_KINDS } from '../../../shared/domain/endpoint.ts';
import { formatLatency } from '../../../shared/messages/format.ts';
import { causeShort, problemText, type Translate } from '../../../shared/messages/messages.ts';
import { useModal } from '../../common/use-modal.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import {
  criticalityOf,
  type DraftField,
  draftOf,
  type EndpointDraft,
  entryOf,
  FIELDS_OF_KIND,
  faultsOf,
  LIMIT_PHASES,
  LIMIT_SIDES,
  URL_EXAMPLES,
} from './endpoint-form.ts';
import { useSettings } from './use-settings.ts';

interface DialogProps {
  /** null = a new one. */
  readonly entry: EndpointEntry | null;
  readonly onSave: (entry: EndpointEntry) => Promise<boolean>;
  readonly onClose: () => void;
}

export function EndpointDialog({ entry, onSave, onClose }: DialogProps) {
  const t = useSnapshot((state) => state.t);
  const dialog = useModal(onClose);
  const refused = useSettings(({ notice }) => (notice?.kind === 'problem' ? notice.problem : null));
  const [draft, setDraft] = useState(() => draftOf(entry));
  const [touched, setTouched] = useState(entry !== null);
  const faults = faultsOf(draft, entry);
  const change = (part: Partial<EndpointDraft>) => {
    setDraft({ ...draft, ...part });
    setTouched(true);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (faults.length === 0 && (await onSave(entryOf(draft, entry)))) onClose();
  };
  const title = entry === null ? t('settings.endpoint-add') : t('settings.endpoint-edit');
  const field = (name: Exclude<DraftField, 'limits'>, placeholder = '') => (
    <FormField
      name={name}
      value={draft[name]}
      placeholder={placeholder}
      fault={touched && faults.includes(name)}
      onChange={(value) => change({ [name]: value })}
    />
  );
  return (
    <dialog className="sheet" ref={dialog} aria-labelledby="endpoint-title" data-testid="endpoint-dialog">
      <form onSubmit={(event) => void submit(event)} noValidate={true}>
        <h2 id="endpoint-title">{title}</h2>
        <Choice
          name="kind"
          value={draft.kind}
          options={ENDPOINT_KINDS.map((one) => ({ value: one, label: t(`settings.kind-${one}`) }))}
          onChange={(value) => change({ kind: ENDPOINT_KINDS.find((one) => one === value) ?? 'goproxy' })}
        />
        {field('url', URL_EXAMPLES[draft.kind])}
        {field('name', t('settings.field-name-default'))}
        {FIELDS_OF_KIND[draft.kind].map((name) => (
          <div key={name}>{field(name, PLACEHOLDERS[name])}</div>
        ))}
        <Choice
          name="criticality"
          value={draft.criticality}
          options={CRITICALITIES.map((one) => ({ value: one, label: t(`settings.criticality-${one}`) }))}
          onChange={(value) => change({ criticality: criticalityOf(value) })}
        />
        <details>
          <summary>{t('settings.more-fields')}</summary>
          {field('quietHours', '22:00-08:00')}
          <OwnLimits draft={draft} fault={faults.includes('limits')} onChange={(limits) => change({ limits })} />
        </details>
        <TrialRow entry={entryOf(draft, entry)} ready={faults.length === 0} />
        {refused !== null && (
          <p className="fault" role="alert">
            {problemText(t, refused)}
          </p>
        )}
        <div className="actions end">
          <button type="button" className="button" data-testid="endpoint-cancel" onClick={onClose}>
            {t('profiles.cancel')}
          </button>
          <button
            type="submit"
            className="button primary"
            disabled={touched && faults.length > 0}
            data-testid="endpoint-save"
          >
            {t('profiles.save')}
          </button>
        </div>
      </form>
    </dialog>
  );
}

const PLACEHOLDERS = { module: 'golang.org/x/text@v0.3.0', key: 'sum.golang.org+033de0ae+…', target: 'golang.org' };

interface FormFieldProps {
  readonly name: Exclude<DraftField, 'limits'>;
  readonly value: string;
  readonly placeholder: string;
  readonly fault: boolean;
  readonly onChange: (value: string) => void;
}

function FormField({ name, value, placeholder, fault, onChange }: FormFieldProps) {
  const t = useSnapshot((state) => state.t);
  return (
    <label className="field">
      <span>{t(`settings.field-${name}`)}</span>
      <input
        type="text"
        className={name === 'name' ? undefined : 'mono'}
        value={value}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={fault}
        aria-describedby={fault ? `fault-${name}` : undefined}
        data-testid={`endpoint-${name}`}
        onChange={(event) => onChange(event.target.value)}
      />
      {fault && (
        <small className="fault" id={`fault-${name}`} data-testid={`endpoint-${name}-fault`}>
          {t(`settings.fault-${name}`)}
        </small>
      )}
    </label>
  );
}

interface ChoiceProps {
  readonly name: 'kind' | 'criticality';
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

function Choice({ name, value, options, onChange }: ChoiceProps) {
  const t = useSnapshot((state) => state.t);
  return (
    <label className="field">
      <span>{t(`settings.field-${name}`)}</span>
      <select value={value} data-testid={`endpoint-${name}`} onChange={(event) => onChange(event.target.value)}>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface OwnLimitsProps {
  readonly draft: EndpointDraft;
  readonly fault: boolean;
  readonly onChange: (limits: EndpointDraft['limits']) => void;
}

/** Limits of this endpoint alone, ms; empty = the global ones. */
function OwnLimits({ draft, fault, onChange }: OwnLimitsProps) {
  const t = useSnapshot((state) => state.t);
  return (
    <fieldset className="limits-grid">
      <legend>{t('settings.limits-own')}</legend>
      {LIMIT_SIDES.flatMap((side) =>
        LIMIT_PHASES.map((phase) => (
          <label key={`${side}.${phase}`} className="field">
            <span>
              {t(`settings.limits-${side}`)} · {t(`settings.limit-${phase}`)}
            </span>
            <input
              type="text"
              inputMode="numeric"
              value={draft.limits[`${side}.${phase}`]}
              aria-invalid={fault}
              onChange={(event) => onChange({ ...draft.limits, [`${side}.${phase}`]: event.target.value })}
            />
          </label>
        )),
      )}
      {fault && <small className="fault">{t('settings.fault-limits')}</small>}
    </fieldset>
  );
}

/** Probes what is in the form, without saving it. */
function TrialRow({ entry, ready }: { readonly entry: EndpointEntry; readonly ready: boolean }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const [trial, setTrial] = useState<
    'running' | { readonly of: string; readonly text: string; readonly ok: boolean } | null
  >(null);
  const now = JSON.stringify(entry);
  const run = async () => {
    setTrial('running');
    const tried = await send('settings.try', { endpoint: entry });
    const text = tried.ok ? trialText(tried.value, t) : problemText(t, tried.problem);
    setTrial({ of: now, text, ok: tried.ok && tried.value.outcome === 'ok' });
  };
  return (
    <div className="trial">
      <button
        type="button"
        className="button"
        disabled={!ready || trial === 'running'}
        data-testid="endpoint-try"
        onClick={() => void run()}
      >
        {trial === 'running' ? t('settings.trying') : t('settings.test-now')}
      </button>
      <output data-testid="endpoint-trial">
        {trial !== null && trial !== 'running' && trial.of === now && (
          <span className={trial.ok ? 'good' : 'bad'}>{trial.text}</span>
        )}
      </output>
    </div>
  );
}

function trialText({ outcome, latencyMs, cause }: Trial, t: Translate): string {
  if (outcome === 'ok') return t('settings.trial-ok', { latency: formatLatency(latencyMs ?? 0) });
  return cause === null ? t('settings.trial-cancelled') : t('settings.trial-failed', { cause: causeShort(t, cause) });
}
