/** A row of the profile list: a choice, its name, and whether it would work now; the active one with its chain. */
import { displayName, parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import type { ProfileState } from '../../shared/domain/snapshot.ts';
import type { Walk, WalkStep } from '../../shared/domain/verdict.ts';
import { inLanguage, problemText } from '../../shared/messages/messages.ts';
import { StatusShape } from '../common/shapes.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';
import type { LayoutGuard } from './layout-guard.ts';
import { walkText } from './walk-text.ts';

interface ProfileRowProps {
  readonly state: ProfileState;
  /** Place in the list; the first nine have a key. */
  readonly index: number;
  readonly allows: LayoutGuard['allows'];
}

export function ProfileRow({ state: { profile, active, walk }, index, allows }: ProfileRowProps) {
  const language = useSnapshot((one) => one.language);
  const switching = useSnapshot((one) => one.snapshot.switching);
  const switchTo = useSnapshot((one) => one.switchTo);
  const isTabStop = useIsTabStop(active, index);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row with a verdict and a chain is no native radio button
    <button
      type="button"
      role="radio"
      className="row profile"
      data-row=""
      data-testid={`profile-${profile.id}`}
      aria-checked={active}
      aria-disabled={switching}
      tabIndex={isTabStop ? 0 : -1}
      title={inLanguage(profile.explanation, language)}
      onClick={(event) => !switching && !active && allows(event) && void switchTo(profile.id)}
    >
      <Tick active={active} keyHint={index < 9 ? index + 1 : null} />
      <span className="name">{inLanguage(profile.name, language)}</span>
      <WalkStatus walk={walk} />
      {active && <Chain list={profile.variables.GOPROXY ?? ''} walk={walk} />}
    </button>
  );
}

/** The radio group is one tab stop: its chosen row, or the first while there is no such row. */
function useIsTabStop(active: boolean, index: number): boolean {
  return useSnapshot(({ snapshot: { profiles, go } }) => {
    const hasChosen = go.state === 'found' || profiles.some((one) => one.active);
    return active || (index === 0 && !hasChosen);
  });
}

/** The mark of the active one; on the others the key that chooses them shows while the pointer is near. */
function Tick({ active, keyHint }: { readonly active: boolean; readonly keyHint: number | null }) {
  return (
    <span className="tick" aria-hidden="true">
      {active ? (
        <svg width="9" height="9" viewBox="0 0 9 9" aria-hidden="true">
          <path d="M1.500 4.700 3.700 7 7.500 2" />
        </svg>
      ) : (
        <kbd>{keyHint}</kbd>
      )}
    </span>
  );
}

function WalkStatus({ walk }: { readonly walk: Walk }) {
  const t = useSnapshot((state) => state.t);
  const checking = useSnapshot((state) => state.snapshot.endpoints.every(({ status }) => status === 'unknown'));
  const hasEndpoints = useSnapshot((state) => state.snapshot.endpoints.length > 0);
  // Offline, what is known is old; without a working go, no list helps. Neither is shown in green.
  const muted = useSnapshot(
    ({ snapshot: { verdict } }) => verdict.severity === 'offline' || verdict.name === 'go-missing',
  );
  const { text, cause, tone, shape } = walkText(walk, checking && hasEndpoints, t);
  return (
    <span className={`walk num ${muted ? 'dim' : tone}`} title={cause ?? undefined}>
      <StatusShape shape={muted ? 'offline' : shape} size={9} />
      <span className="clip">{text}</span>
    </span>
  );
}

interface ChainProps {
  readonly list: string;
  /** null = not known. */
  readonly walk: Walk | null;
}

/** The list entry by entry. The separators stay visible: they decide whether `go` goes on to the next one. */
function Chain({ list, walk }: ChainProps) {
  const entries = parseGoproxyList(list);
  if (entries.length === 0) return null;
  return (
    <span className="chain" data-testid="chain">
      {entries.map((entry, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same entry may stand twice; its place is its identity
        <span key={i} className="link-of-chain">
          <Hop text={displayName(entry.text)} step={walk?.steps[i]} />
          {i < entries.length - 1 && <Separator separator={entry.separator} />}
        </span>
      ))}
    </span>
  );
}

const HOPS = { answers: 'good', 'fails-over': 'warn', stops: 'bad', 'not-reached': 'dim' } as const;

function Hop({ text, step }: { readonly text: string; readonly step: WalkStep | undefined }) {
  const t = useSnapshot((state) => state.t);
  return (
    <span
      className={`hop ${step === undefined ? 'dim' : HOPS[step.action]}`}
      title={step === undefined ? text : `${text} — ${t(`walk.${step.action}`)}`}
    >
      {text}
    </span>
  );
}

function Separator({ separator }: { readonly separator: ',' | '|' | null }) {
  const t = useSnapshot((state) => state.t);
  if (separator === null) return null;
  return (
    <span className="separator" title={t(separator === '|' ? 'profiles.pipe' : 'profiles.comma')}>
      {separator}
    </span>
  );
}

/** No profile matches what `go` uses: shown as it is, so that nothing false is marked. */
export function CustomRow() {
  const go = useSnapshot((state) => state.snapshot.go);
  const walk = useSnapshot((state) => state.snapshot.verdict.walk);
  const t = useSnapshot((state) => state.t);
  if (go.state === 'detecting') return null;
  if (go.state !== 'found') {
    return (
      <div className="empty bad" data-testid="go-problem">
        {problemText(t, go.problem)}
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the other rows
    <button type="button" role="radio" aria-checked className="row profile" data-row="" data-testid="profile-by-hand">
      <Tick active keyHint={null} />
      <span className="name">{t('popover.by-hand')}</span>
      {walk === null ? <span /> : <WalkStatus walk={walk} />}
      <Chain list={go.effective.GOPROXY ?? ''} walk={walk} />
    </button>
  );
}
