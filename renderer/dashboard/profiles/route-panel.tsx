/** What would go do now: the way of one module under each profile, entry by entry, those that work first. */
import { MODULE_KINDS, type ModuleKind, type ProfileRoute, type WalkStep } from '../../../shared/domain/verdict.ts';
import { formatLatency } from '../../../shared/messages/format.ts';
import { causeShort, inLanguage } from '../../../shared/messages/messages.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useProfiles } from './use-profiles.ts';

export function RoutePanel() {
  const t = useSnapshot((state) => state.t);
  const { question, routes } = useProfiles((state) => state);
  const ask = useProfiles((state) => state.ask);
  return (
    <section className="panel" aria-labelledby="routes-title" data-testid="routes">
      <div className="panel-head">
        <h2 id="routes-title">{t('profiles.routes')}</h2>
        <input
          type="text"
          className="mono module"
          value={question.modulePath}
          spellCheck={false}
          aria-label={t('profiles.module')}
          data-testid="module"
          onChange={(event) => ask({ ...question, modulePath: event.target.value })}
        />
        <fieldset className="segments" aria-label={t('profiles.module-kind')}>
          {MODULE_KINDS.map((kind: ModuleKind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={question.kind === kind}
              data-testid={`kind-${kind}`}
              onClick={() => ask({ ...question, kind })}
            >
              {t(`profiles.kind-${kind}`)}
            </button>
          ))}
        </fieldset>
      </div>
      <ul className="routes">
        {routes.map((route) => (
          <Route key={route.profileId} route={route} />
        ))}
      </ul>
    </section>
  );
}

const TONE = { works: 'good', slow: 'warn', 'fell-back': 'warn', stops: 'bad', unproven: 'dim' } as const;

function Route({ route: { profileId, walk, isPrivate } }: { readonly route: ProfileRoute }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const profile = useSnapshot(({ snapshot }) => snapshot.profiles.find((one) => one.profile.id === profileId));
  const latency = walk.latencyMs === null ? '' : ` · ${formatLatency(walk.latencyMs)}`;
  return (
    <li data-testid={`route-${profileId}`} data-outcome={walk.outcome}>
      <div className="route-name">
        <b className="clip">{profile === undefined ? profileId : inLanguage(profile.profile.name, language)}</b>
        <span className={TONE[walk.outcome]}>
          {t(`walk.outcome-${walk.outcome}`, { entry: (walk.endsAt ?? 0) + 1 })}
          {latency}
        </span>
      </div>
      {isPrivate && <small className="dim">{t('walk.private')}</small>}
      <ol className="flow">
        {walk.steps.map((step, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same entry may stand twice; its place is its identity
          <Step key={i} step={step} />
        ))}
      </ol>
    </li>
  );
}

/** A box, and the separator that decides whether go moves on. */
function Step({ step: { text, separator, action, cause } }: { readonly step: WalkStep }) {
  const t = useSnapshot((state) => state.t);
  const words = cause === null ? t(`walk.${action}`) : `${t(`walk.${action}`)}: ${causeShort(t, cause)}`;
  return (
    <li>
      <span className={`step ${action}`} title={words}>
        <span className="mono clip">{text.replace(/^https?:\/\//, '')}</span>
        <small>{words}</small>
      </span>
      {separator !== null && (
        <span className="separator mono" title={t(separator === '|' ? 'profiles.pipe' : 'profiles.comma')}>
          {separator}
        </span>
      )}
    </li>
  );
}
