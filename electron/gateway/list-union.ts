/**
 * What versions a module has: the union of what the reachable upstreams list, and the newest `@latest` among them. A
 * mirror may lag, another may list what it does not deliver; `go` would choose that and fail. So the newest versions, and
 * those that not everybody lists, are shown only when some upstream delivers them.
 */
import type { DurationMs } from '../../shared/domain/units.ts';
import { type Asking, askSmall } from './ask-upstream.ts';
import { newestFirst, readInfo, readList } from './judge-answer.ts';
import { type Attempted, type Raced, race, type Trouble } from './race.ts';
import type { ModuleRoute } from './route.ts';
import type { Upstream, UpstreamOrder } from './upstream.ts';

/** How long the others are waited for once one upstream has answered. */
const GRACE_MS: DurationMs = 1_500;
/** How often is looked whether an upstream is back. */
const REVIVAL_MS = 100;
/** At most so many versions are checked for one list. */
const MAX_CHECKS = 20;

interface Ports extends Asking {
  readonly upstreams: UpstreamOrder;
}

/** Which of a module's versions may be shown. */
type Allowed = (path: string, versions: readonly string[]) => Promise<readonly string[]>;

/** Whether some upstream delivers a version; null when no upstream could be asked. */
type HasVersion = (route: Extract<ModuleRoute, { kind: 'info' }>) => Promise<boolean | null>;

export class ListUnion {
  readonly #ports: Ports;
  readonly #hasVersion: HasVersion;
  readonly #allowed: Allowed;

  constructor(ports: Ports, hasVersion: HasVersion, allowed: Allowed) {
    this.#ports = ports;
    this.#hasVersion = hasVersion;
    this.#allowed = allowed;
  }

  /** The versions that are listed, allowed and delivered. */
  async versions(path: string, cachedOnly: boolean, signal: AbortSignal): Promise<Raced<readonly string[]>> {
    const asked = await this.#askAll({ kind: 'list', path }, cachedOnly, signal);
    if (asked.kind !== 'have') return asked;
    const lists = asked.value.map(readList);
    const all = await this.#allowed(path, [...new Set(lists.flat())]);
    const missing = cachedOnly ? new Set<string>() : await this.#undelivered(path, all, lists);
    return { ...asked, value: all.filter((version) => !missing.has(version)) };
  }

  /** The body of the newest `@latest` whose version is delivered. */
  async latest(path: string, cachedOnly: boolean, signal: AbortSignal): Promise<Raced<Buffer>> {
    const asked = await this.#askAll({ kind: 'latest', path }, cachedOnly, signal);
    if (asked.kind !== 'have') return asked;
    const bodies = new Map(asked.value.flatMap((body) => [[readInfo(body)?.version ?? '', body] as const]));
    for (const version of newestFirst([...bodies.keys()])) {
      const body = bodies.get(version);
      if (body === undefined) continue;
      // One upstream's list needs no check; of several, the newest version may be one that none delivers.
      const isSure = cachedOnly || asked.value.length === 1;
      if (isSure || (await this.#hasVersion({ kind: 'info', path, version })) !== false)
        return { ...asked, value: body };
    }
    return {
      kind: 'absent',
      status: 404,
      text: 'no upstream delivers the latest version it names',
      troubles: asked.troubles,
    };
  }

  /** Of the versions that matter, those that no upstream delivers. */
  async #undelivered(
    path: string,
    all: readonly string[],
    lists: readonly (readonly string[])[],
  ): Promise<ReadonlySet<string>> {
    const counts = new Map<string, number>();
    for (const version of lists.flat()) counts.set(version, (counts.get(version) ?? 0) + 1);
    const newest = newestFirst(all);
    const doubtful = newest.filter((version) => counts.get(version) !== lists.length).slice(0, MAX_CHECKS);
    const missing = new Set<string>();
    const isMissing = async (version: string) => {
      if ((await this.#hasVersion({ kind: 'info', path, version })) === false) missing.add(version);
    };
    await Promise.all(doubtful.map(isMissing));
    // What `go` would choose is checked until one is there, even when everybody lists it.
    for (const version of newest.filter((one) => !doubtful.includes(one)).slice(0, MAX_CHECKS)) {
      await isMissing(version);
      if (!missing.has(version)) break;
    }
    return missing;
  }

  /**
   * Asks the upstreams that answer. Those whose breaker is open are asked when all others fail, or when they come back while
   * the others have just said "not found".
   */
  async #askAll(
    route: Extract<ModuleRoute, { kind: 'list' | 'latest' }>,
    cachedOnly: boolean,
    signal: AbortSignal,
  ): Promise<Raced<readonly Buffer[]>> {
    const { clock, upstreams } = this.#ports;
    const all = upstreams.current(clock.monotonic());
    const answering = all.filter((one) => !one.isOpen(clock.monotonic()));
    if (answering.length === 0) return this.#ask(all, route, cachedOnly, signal);
    const asked = await this.#ask(answering, route, cachedOnly, signal);
    const open = all.filter((one) => !answering.includes(one));
    const more = asked.kind === 'failed' ? open : asked.kind === 'absent' ? await this.#revived(open, signal) : [];
    if (more.length === 0) return asked;
    const late = await this.#ask(more, route, cachedOnly, signal);
    return late.kind === 'failed' ? asked : { ...late, troubles: [...asked.troubles, ...late.troubles] };
  }

  /** Those that come back within a moment; one that is not even asked by then is not waited for. */
  async #revived(open: readonly Upstream[], signal: AbortSignal): Promise<readonly Upstream[]> {
    const { clock } = this.#ports;
    const until = clock.monotonic() + GRACE_MS;
    for (;;) {
      const now = clock.monotonic();
      const back = open.filter((one) => !one.isOpen(now));
      const isHopeless = open.every((one) => !one.mayAnswerBy(until, now));
      if (back.length > 0 || isHopeless || now >= until || signal.aborted) return back;
      await new Promise<void>((resolve) => clock.after(REVIVAL_MS, resolve));
    }
  }

  /**
   * Asks the upstreams, each with its own retries, and takes what has come shortly after the first answer: every body of a
   * 200; "not found" only when no upstream has anything. The first is asked alone for a moment: a module that it refuses by
   * policy is not requested elsewhere.
   */
  #ask(
    from: readonly Upstream[],
    route: Extract<ModuleRoute, { kind: 'list' | 'latest' }>,
    cachedOnly: boolean,
    signal: AbortSignal,
  ): Promise<Raced<readonly Buffer[]>> {
    const { clock } = this.#ports;
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    signal.addEventListener('abort', onAbort);
    const attempt = async (upstream: Upstream, own: AbortSignal): Promise<Attempted<Buffer>> => {
      const now = clock.monotonic();
      const isPassedBy = upstream.isOpen(now) && from.some((one) => !one.isOpen(now));
      if (isPassedBy) return { kind: 'failed', reason: 'fails', isFinal: true, isSilent: true };
      const got = await askSmall(this.#ports, upstream, route, cachedOnly, own);
      return got.kind === 'have' ? { kind: 'have', value: got.value.body } : got;
    };
    const [first, ...others] = from;
    const results: Raced<Buffer>[] = [];
    return new Promise((resolve) => {
      let stopHedge = () => {};
      let stopGrace = () => {};
      let left = 1 + others.length;
      let areOthersAsked = false;
      const end = () => {
        stopHedge();
        stopGrace();
        signal.removeEventListener('abort', onAbort);
        resolve(joined([...results]));
        stop.abort();
      };
      const ask = async (upstream: Upstream) => {
        const result = await race({ upstreams: [upstream], attempt, clock, signal: stop.signal });
        results.push(result);
        left -= 1;
        if (left === 0 || result.kind === 'blocked') return end();
        askOthers();
        // A failure alone decides nothing: the others are waited for.
        if (result.kind !== 'failed' && left > 0) {
          stopGrace();
          stopGrace = clock.after(GRACE_MS, end);
        }
      };
      const askOthers = () => {
        stopHedge();
        if (areOthersAsked) return;
        areOthersAsked = true;
        for (const upstream of others) void ask(upstream);
      };
      if (first === undefined) return end();
      stopHedge = clock.after(first.hedgeMs, askOthers);
      void ask(first);
    });
  }
}

/** One answer of several: one that has something wins over "blocked", that over "not found", that over failures. */
function joined(results: readonly Raced<Buffer>[]): Raced<readonly Buffer[]> {
  const troubles: readonly Trouble[] = results.flatMap((one) => one.troubles);
  const have = results.flatMap((one) => (one.kind === 'have' ? [one] : []));
  const [first] = have;
  const blocked = results.find(({ kind }) => kind === 'blocked');
  if (blocked !== undefined && blocked.kind === 'blocked') return { ...blocked, troubles };
  if (first !== undefined) return { ...first, value: have.map(({ value }) => value), troubles };
  const absent = results.find(({ kind }) => kind === 'absent');
  if (absent !== undefined && absent.kind === 'absent') return { ...absent, troubles };
  const reason = results.flatMap((one) => (one.kind === 'failed' ? [one.reason] : [])).join('; ');
  return { kind: 'failed', reason: reason === '' ? 'no upstream could be asked' : reason, troubles };
}
