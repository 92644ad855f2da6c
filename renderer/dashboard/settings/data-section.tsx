/** Where the data is and how large, export and import of all settings, and a reset; each with a way back. */
import { COLLECTOR } from '../../../shared/contract/settings-schema.ts';
import { weakeningText } from '../../../shared/messages/weakening-text.ts';
import { useModal } from '../../common/use-modal.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { NumberRow, TextRow } from './fields.tsx';
import { IMPORT_SECTION_TEXTS } from './sections.ts';
import { useSettings } from './use-settings.ts';

export function DataSection() {
  const t = useSnapshot((state) => state.t);
  const view = useSettings((state) => state.view);
  const { run, exportAll, chooseImport, offered } = useSettings((state) => state);
  if (view === null) return null;
  return (
    <>
      <div className="list">
        <Row
          label={t('settings.folder')}
          hint={view.folder}
          action={t('settings.folder-open')}
          testId="folder-open"
          onClick={() => void run('settings.folder')}
        />
        <Row
          label={t('settings.file')}
          hint={view.file}
          action={t('settings.open')}
          testId="file-open"
          onClick={() => void run('settings.open')}
        />
        <div className="setting">
          {t('settings.size')}
          <span className="num" data-testid="data-size">
            {t('settings.size-of', {
              settings: (view.bytes.settings / 1_000).toFixed(1),
              history: (view.bytes.history / 1e6).toFixed(1),
            })}
          </span>
        </div>
      </div>
      <Metrics />
      <div className="list">
        <Row
          label={t('settings.export')}
          hint={t('settings.export-hint')}
          action={t('settings.export-do')}
          testId="export"
          onClick={() => void exportAll()}
        />
        <Row
          label={t('settings.import')}
          hint={t('settings.import-hint')}
          action={t('settings.import-do')}
          testId="import-settings"
          onClick={() => void chooseImport()}
        />
        <Row
          label={t('settings.reset')}
          hint={t('settings.reset-hint')}
          action={t('settings.reset-do')}
          testId="reset"
          onClick={() => void run('settings.reset', { kind: 'reset' })}
        />
      </div>
      {offered !== null && <ImportDialog />}
    </>
  );
}

interface RowProps {
  readonly label: string;
  readonly hint: string;
  readonly action: string;
  readonly testId: string;
  readonly onClick: () => void;
}

/** Each is off while it is empty. */
function Metrics() {
  const t = useSnapshot((state) => state.t);
  const metrics = useSettings(({ view }) => view?.values.metrics);
  const change = useSettings((state) => state.change);
  const save = (one: Partial<NonNullable<typeof metrics>>) => {
    const next = Object.entries({ ...metrics, ...one }).filter(([, value]) => value !== undefined);
    void change({ metrics: next.length === 0 ? null : Object.fromEntries(next) });
  };
  return (
    <div className="list">
      <NumberRow
        label={t('settings.metrics')}
        hint={t('settings.metrics-hint')}
        value={metrics?.port ?? null}
        placeholder={t('settings.metrics-off')}
        min={1_024}
        max={65_535}
        testId="metrics-port"
        field="metrics.port"
        onEmpty={() => save({ port: undefined })}
        onSave={(port) => save({ port })}
      />
      <TextRow
        label={t('settings.collector')}
        hint={t('settings.collector-hint')}
        value={metrics?.collector ?? ''}
        placeholder={t('settings.metrics-off')}
        testId="metrics-collector"
        field="metrics.collector"
        faultOf={(text) => (text === '' || COLLECTOR.test(text) ? null : t('settings.fault-collector'))}
        onSave={(text) => save({ collector: text === '' ? undefined : text })}
      />
    </div>
  );
}

/** A row with one button. */
export function Row({ label, hint, action, testId, onClick }: RowProps) {
  return (
    <div className="setting">
      <span>
        {label}
        <small className="wrap">{hint}</small>
      </span>
      <button type="button" className="button" data-testid={testId} onClick={onClick}>
        {action}
      </button>
    </div>
  );
}

/** What a chosen file changes, weakens and leaves out, before anything is changed. */
function ImportDialog() {
  const t = useSnapshot((state) => state.t);
  const offered = useSettings((state) => state.offered);
  const { acceptImport, refuseImport } = useSettings((state) => state);
  const dialog = useModal(refuseImport);
  if (offered === null) return null;
  const { file, sections, changes, weakenings, leftOut, locked, missing } = offered;
  return (
    <dialog className="sheet" ref={dialog} aria-labelledby="import-title" data-testid="import-dialog">
      <h2 id="import-title">{t('settings.import-title')}</h2>
      <p className="mono wrap dim">{file}</p>
      <p>{sections.length === 0 ? t('settings.import-same') : t('settings.import-changes')}</p>
      <ul>
        {IMPORT_SECTION_TEXTS.filter(([section]) => sections.includes(section)).map(([section, key]) => (
          <li key={section}>{t(key)}</li>
        ))}
      </ul>
      {changes.length > 0 && (
        <details data-testid="import-values">
          <summary>{t('settings.import-values', { count: changes.length })}</summary>
          <dl className="import-values">
            {changes.map(({ key, before, after }) => (
              <div key={key}>
                <dt className="mono wrap">{key}</dt>
                <dd className="mono wrap">
                  {before ?? t('settings.import-not-set')} → {after ?? t('settings.import-not-set')}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {weakenings.length > 0 && (
        <div className="notice problem" role="alert">
          <ul data-testid="import-weakens">
            {weakenings.map(({ key, value }) => (
              <li key={`${key} ${value}`}>
                {weakeningText(t, key)} <code>{value}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
      {leftOut.length > 0 && <p className="note">{t('settings.import-left-out', { programs: leftOut.join(', ') })}</p>}
      {locked.length > 0 && <p className="note">{t('settings.import-locked', { fields: locked.join(', ') })}</p>}
      {missing.length > 0 && (
        <p className="note" data-testid="import-missing">
          {t('settings.import-missing', { fields: missing.join(', ') })}
        </p>
      )}
      <div className="actions end">
        <button type="button" className="button" data-testid="import-cancel" onClick={refuseImport}>
          {t('profiles.cancel')}
        </button>
        <button
          type="button"
          className={weakenings.length > 0 ? 'button danger' : 'button primary'}
          disabled={sections.length === 0}
          data-testid="import-ok"
          onClick={() => void acceptImport()}
        >
          {t('settings.import-accept')}
        </button>
      </div>
    </dialog>
  );
}
