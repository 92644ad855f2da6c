/** One profile: what it sets, what a switch to it would change and by which commands, and the one button. */
import { redactUrls } from '../../../shared/domain/goproxy-list.ts';
import { namedVariables, type Profile } from '../../../shared/domain/profile.ts';
import { commandLine } from '../../../shared/domain/switch-plan.ts';
import { inLanguage, problemText } from '../../../shared/messages/messages.ts';
import { CopyButton } from '../../common/copy-button.tsx';
import { ManagedMark, useManaged } from '../../common/managed.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useProfiles } from './use-profiles.ts';
import { useShownProfile } from './use-shown-profile.ts';

export function ProfileDetail() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const switching = useSnapshot((state) => state.snapshot.switching);
  const isManaged = useManaged('profiles');
  const shown = useShownProfile();
  const { use, edit, duplicate, remove } = useProfiles((state) => state);
  if (shown === null) return <p className="nothing dim">{t('profiles.none')}</p>;
  const { profile, active } = shown;
  return (
    <section className="panel" aria-labelledby="profile-title">
      <div className="panel-head">
        <h2 id="profile-title" data-testid="profile-title">
          {inLanguage(profile.name, language)}
          {active && <small className="tag">{t('profiles.active')}</small>}
          {profile.builtIn && <small className="tag">{t('profiles.built-in')}</small>}
        </h2>
        <button
          type="button"
          className="button primary"
          data-testid="use"
          disabled={active || switching}
          onClick={() => void use(profile.id)}
        >
          {switching ? t('popover.switching') : t('profiles.use')}
        </button>
        <button type="button" className="button" data-testid="edit" disabled={isManaged} onClick={() => edit(profile)}>
          {t('profiles.edit')}
        </button>
        <button
          type="button"
          className="button"
          data-testid="duplicate"
          disabled={isManaged}
          onClick={() => duplicate(profile)}
        >
          {t('profiles.duplicate')}
        </button>
        {!profile.builtIn && (
          <button
            type="button"
            className="button"
            data-testid="delete"
            disabled={isManaged}
            onClick={() => void remove(profile)}
          >
            {t('profiles.delete')}
          </button>
        )}
      </div>
      {isManaged && <ManagedMark />}
      <p className="note">{inLanguage(profile.explanation, language)}</p>
      <Settings profile={profile} />
      <Plan active={active} />
    </section>
  );
}

function Settings({ profile }: { readonly profile: Profile }) {
  const t = useSnapshot((state) => state.t);
  const network = useSnapshot((state) => state.snapshot.network);
  return (
    <dl className="facts settings">
      {namedVariables(profile).map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="mono">{redactUrls(profile.variables[name] ?? '') || t('cli.diff-default')}</dd>
        </div>
      ))}
      {profile.git.map(({ key, value }) => (
        <div key={`${key} ${value}`}>
          <dt>git</dt>
          <dd className="mono">{`${key} = ${value === null ? t('profiles.git-unset') : redactUrls(value)}`}</dd>
        </div>
      ))}
      {profile.networks.length > 0 && (
        <div>
          <dt>{t('profiles.network')}</dt>
          <dd>
            {profile.networks.map((id) => (id === network?.id ? (network.name ?? network.description) : id)).join(', ')}
          </dd>
        </div>
      )}
    </dl>
  );
}

/** As a diff, before anything is written. */
function Plan({ active }: { readonly active: boolean }) {
  const t = useSnapshot((state) => state.t);
  const plan = useProfiles((state) => state.plan);
  if (plan === null) return null;
  if (!plan.ok) {
    return (
      <p className="notice problem" data-testid="plan-problem">
        {problemText(t, plan.problem)}
      </p>
    );
  }
  const { variables, git, commands, leftOut } = plan.value;
  if (variables.length + git.length === 0) {
    return active ? null : <p className="note">{t('cli.diff-none')}</p>;
  }
  const lines = [
    ...variables.map(({ name, from, to }) => ({ name: name as string, from, to })),
    ...git.map(({ key, from, to }) => ({ name: `git ${key}`, from: from.join(' '), to: to.join(' ') })),
  ];
  const script = commands.map(commandLine).join('\n');
  return (
    <div data-testid="plan">
      <h3>{t('profiles.plan')}</h3>
      <div className="diff mono">
        {lines.map(({ name, from, to }) => (
          <div key={name}>
            <b>{name}</b>
            <del>− {redactUrls(from) || t('cli.diff-default')}</del>
            <ins>+ {redactUrls(to) || t('cli.diff-default')}</ins>
          </div>
        ))}
      </div>
      {leftOut.length > 0 && <p className="note">{t('cli.diff-left-out', { variables: leftOut.join(', ') })}</p>}
      <details>
        <summary>{t('profiles.commands')}</summary>
        <pre className="mono">{redactUrls(script)}</pre>
        <CopyButton text={script} label={t('profiles.copy-commands')} testId="copy-commands" />
      </details>
    </div>
  );
}
