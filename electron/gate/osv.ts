/**
 * Reading entries of a Go vulnerability database: OSV 1.x (https://ossf.github.io/osv-schema/), as
 * https://go.dev/doc/security/vuln/database uses it. Pure.
 */
import { coerce, compare, valid } from 'semver';
import * as v from 'valibot';

const texts = v.optional(v.array(v.string()), []);

const eventSchema = v.object({
  introduced: v.optional(v.string()),
  fixed: v.optional(v.string()),
  last_affected: v.optional(v.string()),
});

/** The parts of an OSV entry that decide; everything else is ignored. */
export const osvSchema = v.object({
  id: v.pipe(v.string(), v.maxLength(200)),
  withdrawn: v.nullish(v.string()),
  aliases: texts,
  summary: v.optional(v.string(), ''),
  details: v.optional(v.string(), ''),
  severity: v.optional(v.array(v.object({ type: v.string(), score: v.string() })), []),
  affected: v.optional(
    v.array(
      v.object({
        package: v.object({ name: v.string(), ecosystem: v.string() }),
        ranges: v.optional(v.array(v.object({ type: v.string(), events: v.optional(v.array(eventSchema), []) })), []),
        versions: texts,
        severity: v.optional(v.array(v.object({ type: v.string(), score: v.string() })), []),
      }),
    ),
    [],
  ),
  database_specific: v.optional(v.object({ url: v.optional(v.string()) })),
});

export type OsvEntry = v.InferOutput<typeof osvSchema>;
type Events = OsvEntry['affected'][number]['ranges'][number]['events'];

/** Modules of the standard library and of cmd/go, which have Go's own version numbers. */
const GO_ITSELF = new Set(['stdlib', 'toolchain']);

/**
 * A version as OSV writes it: without `v`, and Go's own as semantic versions (`1.22rc1` → `1.22.0-rc.1`, `1.21` →
 * `1.21.0`). null = not a version.
 */
export function osvVersion(module: string, version: string): string | null {
  if (!GO_ITSELF.has(module)) return valid(version.replace(/^v/, ''));
  const parts = /^(?:go)?(\d+)\.(\d+)(?:\.(\d+))?(?:(rc|beta)(\d+))?/.exec(version);
  if (parts === null) return null;
  const [, major, minor, patch = '0', stage, number] = parts;
  return `${major}.${minor}.${patch}${stage === undefined ? '' : `-${stage}.${number}`}`;
}

/** Events are semantic versions already, also those of Go: `1.22.0-0` is before every release candidate. */
function eventVersion(text: string): string | null {
  return valid(text.replace(/^v/, '')) ?? coerce(text)?.version ?? null;
}

/** Whether a version is this fix or later; false where either is not a version. */
export function isFixed(module: string, version: string, fixed: string | undefined): boolean {
  const [own, end] = [osvVersion(module, version), fixed === undefined ? null : eventVersion(fixed)];
  return own !== null && end !== null && compare(own, end) >= 0;
}

/** Whether an entry affects this version of a module, and the version that ends it; null = it does not. */
export function affects(entry: OsvEntry, module: string, version: string): { readonly fixed: string | null } | null {
  const own = osvVersion(module, version);
  if (own === null || (entry.withdrawn ?? null) !== null) return null;
  for (const {
    package: { name, ecosystem },
    ranges,
    versions,
  } of entry.affected) {
    if (name !== module || ecosystem.toLowerCase() !== 'go') continue;
    const ordered = ranges.filter(({ type }) => type !== 'GIT');
    if (versions.some((one) => osvVersion(module, one) === own)) return { fixed: firstFix(ordered, module, own) };
    // Without ranges and versions every version is affected (x/vuln/internal/osv).
    if (ordered.length === 0 && versions.length === 0) return { fixed: null };
    if (ordered.some(({ events }) => isInside(events, own))) {
      return { fixed: firstFix(ordered, module, own) };
    }
  }
  return null;
}

/** Whether this very version is one that an entry names as its fix. */
export function isFixOf(entry: OsvEntry, module: string, version: string): boolean {
  const own = osvVersion(module, version);
  if (own === null || (entry.withdrawn ?? null) !== null) return false;
  return entry.affected
    .filter(({ package: { name, ecosystem } }) => name === module && ecosystem.toLowerCase() === 'go')
    .flatMap(({ ranges }) => ranges.filter(({ type }) => type !== 'GIT').flatMap(({ events }) => inOrder(events)))
    .some(({ kind, at }) => kind === 'fixed' && at !== null && compare(at, own) === 0);
}

/** The state after the events up to this version (OSV's evaluation; x/vuln/internal/semver, containsSemver). */
function isInside(events: Events, own: string): boolean {
  if (events.length === 0) return true;
  let inside = false;
  for (const { at, kind } of inOrder(events)) {
    const order = at === null ? 1 : compare(own, at);
    if (kind === 'introduced' && order >= 0) inside = true;
    if (kind === 'fixed' && order >= 0) inside = false;
    if (kind === 'last_affected' && order > 0) inside = false;
  }
  return inside;
}

interface Event {
  readonly kind: 'fixed' | 'introduced' | 'last_affected';
  /** null = from the beginning. */
  readonly at: string | null;
}

/** Events by version. */
function inOrder(events: Events): readonly Event[] {
  return events
    .flatMap((event) =>
      (['fixed', 'introduced', 'last_affected'] as const).flatMap((kind): readonly Event[] => {
        const text = event[kind];
        if (text === undefined) return [];
        if (kind === 'introduced' && text === '0') return [{ kind, at: null }];
        const at = eventVersion(text);
        return at === null ? [] : [{ kind, at }];
      }),
    )
    .toSorted((a, b) => (a.at === null ? -1 : b.at === null ? 1 : compare(a.at, b.at)));
}

/** The lowest fix above a version, as its module writes versions. */
function firstFix(ranges: OsvEntry['affected'][number]['ranges'], module: string, own: string): string | null {
  const fixes = ranges
    .flatMap(({ events }) => inOrder(events))
    .flatMap(({ kind, at }) => (kind === 'fixed' && at !== null && compare(at, own) > 0 ? [at] : []))
    .toSorted((a, b) => compare(a, b));
  const [first] = fixes;
  if (first === undefined) return null;
  return GO_ITSELF.has(module) ? first.replace(/-(rc|beta)\.(\d+)$/, '$1$2') : `v${first}`;
}
