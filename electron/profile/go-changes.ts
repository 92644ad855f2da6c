/** What two readings of `go` and git differ in, as events for the history. Pure. */
import type { GitSetting } from '../../shared/domain/git-setting.ts';
import { PROFILE_VARIABLES } from '../../shared/domain/profile.ts';
import type { Drift, GoState } from '../../shared/domain/snapshot.ts';
import { FACT_ARROW, type HistoryEvent } from '../../shared/domain/timeline.ts';

/** Between the names in the detail of `go-settings-changed`. */
export const NAME_SEPARATOR = ', ';

/**
 * Another version of `go`, or another value of a setting that a profile manages. Only the names of settings are kept:
 * values may hold passwords. Nothing before the first reading.
 */
export function goChanges(before: GoState, after: GoState): readonly Pick<HistoryEvent, 'kind' | 'detail'>[] {
  if (before.state === 'detecting' || after.state === 'detecting') return [];
  const [was, is] = [before, after].map((go) => (go.state === 'found' ? go.version : go.state));
  const version = was === is ? [] : [{ kind: 'go-changed', detail: `${was}${FACT_ARROW}${is}` } as const];
  if (before.state !== 'found' || after.state !== 'found') return version;
  const variables = PROFILE_VARIABLES.filter((name) => before.effective[name] !== after.effective[name]);
  const names = [...variables, ...gitKeys(before.git ?? [], after.git ?? [])];
  return names.length === 0
    ? version
    : [...version, { kind: 'go-settings-changed', detail: names.join(NAME_SEPARATOR) }];
}

/** What begins or ends with Gopherbar's own change: an outside change before it is history. */
const OWN_CHANGES: ReadonlySet<HistoryEvent['kind']> = new Set([
  'switched',
  'undone',
  'failed-over',
  'failed-back',
  'reverted',
]);

/**
 * Of the settings that were changed outside, those that no event has named since Gopherbar's own last change: another
 * program wrote them while no app was watching. `events` are newest first.
 */
export function unrecordedDrift({ variables, git }: Drift, events: readonly HistoryEvent[]): readonly string[] {
  const end = events.findIndex(({ kind }) => OWN_CHANGES.has(kind));
  const since = events.slice(0, end < 0 ? events.length : end);
  const recorded = new Set(
    since.filter(({ kind }) => kind === 'go-settings-changed').flatMap(({ detail }) => detail.split(NAME_SEPARATOR)),
  );
  const names = [...variables.map(({ name }) => name), ...git.map(({ key }) => gitName(key))];
  return [...new Set(names)].filter((name) => !recorded.has(name));
}

/** Keys whose values differ, each once. */
function gitKeys(before: readonly GitSetting[], after: readonly GitSetting[]): readonly string[] {
  const valuesOf = (key: string, settings: readonly GitSetting[]) =>
    JSON.stringify(settings.filter((one) => one.key === key).map(({ value }) => value));
  const keys = new Set([...before, ...after].map(({ key }) => key));
  const changed = [...keys].filter((key) => valuesOf(key, before) !== valuesOf(key, after));
  return [...new Set(changed.map(gitName))];
}

/** The URL in a key is left out, for it may hold a password. */
function gitName(key: string): string {
  return `git ${key.replace(/\..*\./s, '.*.')}`;
}
