/** The profiles: which one go uses (checked), and what each would do now. */
import { Fragment } from 'react';
import { displayName, parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import type { ProfileState } from '../../shared/domain/snapshot.ts';
import { formatLatency } from '../../shared/messages/format.ts';
import { causeShort, inLanguage, problemText, type Translate } from '../../shared/messages/messages.ts';
import { useSnapshot } from '../common/use-snapshot.ts';

export function ProfileList() {
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  const t = useSnapshot((state) => state.t);
  const anyActive = profiles.some(({ active }) => active);
  return (
    <section className="section">
      <h2>
        <span>{t('popover.profiles')}</span>
        <GoStateText />
        <EditProfilesLink />
      </h2>
      <div className="list" role="radiogroup" aria-label={t('popover.profiles')}>
        {!anyActive && <HandMadeRow />}
        {profiles.map((state, i) => (
          <ProfileRow key={state.profile.id} state={state} index={i} />
        ))}
      </div>
      <Overrides />
    </section>
  );
}

function ProfileRow({ state, index }: { readonly state: ProfileState; readonly index: number }) {
  const { profile, active, walk } = state;
  const t = useSnapshot((one) => one.t);
  const language = useSnapshot((one) => one.language);
  const switching = useSnapshot((one) => one.snapshot.switching);
  const switchTo = useSnapshot((one) => one.switchTo);
  const name = inLanguage(profile.name, language);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row with two lines and a verdict is no native radio button
    <button
      type="button"
      role="radio"
      className="row profile"
      data-row=""
      data-testid={`profile-${profile.id}`}
      aria-checked={active}
      aria-disabled={switching}
      title={inLanguage(profile.explanation, language)}
      onClick={() => !switching && !active && void switchTo(profile.id)}
    >
      <span className="radio" />
      <span className="name clip">{name}</span>
      <span className={`walk num ${TONE[walk.outcome]}`}>{walkWords(state, t)}</span>
      {index < 9 ? <kbd className="key">{index + 1}</kbd> : <span />}
      <Entries list={profile.variables.GOPROXY ?? ''} />
    </button>
  );
}

/** The separators stay visible: they decide whether go moves on. */
function Entries({ list }: { readonly list: string }) {
  const entries = parseGoproxyList(list);
  return (
    <span className="entries clip">
      {entries.map((entry, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same entry may stand twice; its place is its identity
        <Fragment key={i}>
          {displayName(entry.text)}
          {i < entries.length - 1 && <span className="separator">{entry.separator}</span>}
        </Fragment>
      ))}
    </span>
  );
}

const TONE = { works: 'good', slow: 'warn', 'fell-back': 'warn', stops: 'bad', unproven: 'dim' } as const;

function walkWords({ walk }: ProfileState, t: Translate): string {
  const latency = walk.latencyMs === null ? '' : formatLatency(walk.latencyMs);
  const entry = (walk.endsAt ?? 0) + 1;
  const cause = walk.steps[walk.endsAt ?? -1]?.cause ?? null;
  switch (walk.outcome) {
    case 'works':
      return latency === '' ? t('popover.walk-works-bare') : t('popover.walk-works', { latency });
    case 'slow':
      return t('popover.walk-slow', { latency });
    case 'fell-back':
      return t('popover.walk-fell-back', { entry, latency });
    case 'stops':
      return cause === null
        ? t('popover.walk-stops-empty')
        : t('popover.walk-stops', { entry, cause: causeShort(t, cause) });
    case 'unproven':
      return t('popover.walk-unproven');
  }
}

/** To the page where profiles are edited. */
function EditProfilesLink() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  return (
    <button
      type="button"
      className="link"
      data-testid="edit-profiles"
      onClick={() => void send('dashboard.open', { endpointId: null, page: 'profiles' })}
    >
      {t('popover.edit-profiles')}
    </button>
  );
}

/** What go itself says, at the right of the heading. */
function GoStateText() {
  const go = useSnapshot((state) => state.snapshot.go);
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  const t = useSnapshot((state) => state.t);
  if (go.state === 'detecting') return <span className="clip">{t('popover.looking')}</span>;
  if (go.state !== 'found') return null;
  const words = profiles.some(({ active }) => active) ? t('popover.in-force') : t('popover.by-hand');
  return <span className="clip">{words}</span>;
}

/** No profile fits what is really set: shown as it is, so that nothing false is marked. */
function HandMadeRow() {
  const go = useSnapshot((state) => state.snapshot.go);
  const t = useSnapshot((state) => state.t);
  if (go.state === 'detecting') return null;
  if (go.state !== 'found') {
    return (
      <div className="empty" data-testid="go-problem">
        {problemText(t, go.problem)}
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the other rows
    <button type="button" role="radio" aria-checked className="row profile" data-row="" data-testid="profile-by-hand">
      <span className="radio" />
      <span className="name clip">{t('popover.by-hand')}</span>
      <span />
      <span />
      <Entries list={go.effective.GOPROXY ?? ''} />
    </button>
  );
}

function Overrides() {
  const go = useSnapshot((state) => state.snapshot.go);
  const t = useSnapshot((state) => state.t);
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  if (go.state !== 'found') return null;
  // One that no profile names stands in nobody's way.
  const loud = go.overrides.filter(({ variable }) =>
    profiles.some(({ profile }) => profile.variables[variable] !== undefined),
  );
  if (loud.length === 0) return null;
  return (
    <p className="note warn" data-testid="override">
      {t('popover.override', { variable: loud.map(({ variable }) => variable).join(', ') })}
    </p>
  );
}
