/** Editing a profile: every field is checked as it is typed, nothing is saved before it is right. */
import { type FormEvent, type KeyboardEvent, useMemo } from 'react';
import type { GitSetting } from '../../../shared/domain/git-setting.ts';
import { PROFILE_VARIABLES, type Profile, type ProfileVariable } from '../../../shared/domain/profile.ts';
import { type ProfileProblem, profileProblems } from '../../../shared/domain/profile-problems.ts';
import { inLanguage } from '../../../shared/messages/messages.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useProfiles } from './use-profiles.ts';

export function ProfileForm() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const network = useSnapshot((state) => state.snapshot.network);
  const draft = useProfiles((state) => state.draft) as Profile;
  const { save, cancel, change } = useProfiles((state) => state);
  const problems = useMemo(() => profileProblems(draft), [draft]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problems.length === 0) void save();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') cancel();
  };
  const whole = problems.find(({ field }) => field === 'whole');
  const inNetwork = network !== null && draft.networks.includes(network.id);
  return (
    <form className="panel form" data-testid="profile-form" onSubmit={submit} onKeyDown={onKeyDown}>
      <div className="panel-head">
        <h2>{t('profiles.edit-title')}</h2>
        <button type="button" className="button" data-testid="cancel" onClick={cancel}>
          {t('profiles.cancel')}
        </button>
        <button type="submit" className="button primary" data-testid="save" disabled={problems.length > 0}>
          {t('profiles.save')}
        </button>
      </div>
      <Field
        id="name"
        label={t('profiles.name')}
        value={inLanguage(draft.name, language)}
        problem={problems.find(({ field }) => field === 'name')}
        onChange={(name) => change({ name })}
      />
      {PROFILE_VARIABLES.map((name) => (
        <Variable key={name} name={name} draft={draft} problems={problems} onChange={change} />
      ))}
      <GitRows draft={draft} problems={problems} onChange={change} />
      {network !== null && (
        <label className="check">
          <input
            type="checkbox"
            checked={inNetwork}
            data-testid="network-rule"
            onChange={() =>
              change({
                networks: inNetwork
                  ? draft.networks.filter((id) => id !== network.id)
                  : [...draft.networks, network.id],
              })
            }
          />
          {t('profiles.network-rule', { network: network.name ?? network.description })}
        </label>
      )}
      {whole !== undefined && <Fault problem={whole} />}
    </form>
  );
}

interface PartProps {
  readonly draft: Profile;
  readonly problems: readonly ProfileProblem[];
  readonly onChange: (part: Partial<Profile>) => void;
}

/** Three states: not named (left as it is), named with a value, named and empty (its default). */
function Variable({ name, draft, problems, onChange }: PartProps & { readonly name: ProfileVariable }) {
  const t = useSnapshot((state) => state.t);
  const value = draft.variables[name];
  const set = (next: string | undefined) => {
    const { [name]: _, ...others } = draft.variables;
    onChange({ variables: next === undefined ? others : { ...others, [name]: next } });
  };
  return (
    <div className="variable">
      <label className="check">
        <input
          type="checkbox"
          checked={value !== undefined}
          aria-label={t('profiles.sets', { name })}
          data-testid={`sets-${name}`}
          onChange={() => set(value === undefined ? '' : undefined)}
        />
      </label>
      <Field
        id={name}
        label={name}
        value={value ?? ''}
        disabled={value === undefined}
        placeholder={value === undefined ? t('profiles.left-alone') : t('profiles.default')}
        problem={problems.find(({ field }) => field === name)}
        onChange={set}
      />
    </div>
  );
}

function GitRows({ draft, problems, onChange }: PartProps) {
  const t = useSnapshot((state) => state.t);
  const change = (i: number, part: Partial<GitSetting>) =>
    onChange({ git: draft.git.map((one, at) => (at === i ? { ...one, ...part } : one)) });
  return (
    <fieldset className="git-rows">
      <legend>{t('profiles.git')}</legend>
      {draft.git.map(({ key, value }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; keys are being typed
        <div key={i} className="git-row">
          <Field
            id={`git-key-${i}`}
            label={t('profiles.git-key')}
            value={key}
            placeholder="http.https://github.com/.proxy"
            problem={problems.find(({ field }) => field === `git-${i}`)}
            onChange={(next) => change(i, { key: next })}
          />
          <Field
            id={`git-value-${i}`}
            label={t('profiles.git-value')}
            value={value ?? ''}
            placeholder={t('profiles.git-unset')}
            onChange={(next) => change(i, { value: next === '' ? null : next })}
          />
          <button
            type="button"
            className="button"
            aria-label={t('profiles.git-remove', { key })}
            onClick={() => onChange({ git: draft.git.filter((_, at) => at !== i) })}
          >
            −
          </button>
        </div>
      ))}
      <button
        type="button"
        className="button"
        data-testid="git-add"
        onClick={() => onChange({ git: [...draft.git, { key: 'http.proxy', value: null }] })}
      >
        {t('profiles.git-add')}
      </button>
    </fieldset>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly problem?: ProfileProblem | undefined;
  readonly onChange: (value: string) => void;
}

function Field({ id, label, value, placeholder, disabled = false, problem, onChange }: FieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="text"
        className="mono"
        value={value}
        disabled={disabled}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `fault-${problem.field}`}
        data-testid={`field-${id}`}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem !== undefined && <Fault problem={problem} />}
    </label>
  );
}

function Fault({ problem }: { readonly problem: ProfileProblem }) {
  const t = useSnapshot((state) => state.t);
  return (
    <small className="fault" id={`fault-${problem.field}`} data-testid={`fault-${problem.field}`}>
      {t(`profiles.problem-${problem.key}`, problem.params)}
    </small>
  );
}
