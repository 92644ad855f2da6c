/**
 * Facts about the path to each endpoint, recorded in the history when they change and never with every result: what kind
 * of addresses its name leads to, who signed its certificate, whether it shows new versions. They are kept as kinds:
 * a public host that moves between public addresses or public authorities has not changed in a way that breaks it.
 */
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import { FACT_ARROW, MACHINE_FACTS, type MachineFacts, PUBLIC_ISSUER } from '../../shared/domain/timeline.ts';
import { type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';
import type { Recorder } from '../history/recorder.ts';
import { judgeAddress } from '../probe/dns-message.ts';
import type { Clock } from '../system/clock.ts';
import type { Staleness } from '../verdict/verdict.ts';

/** The same change of several endpoints within this time has one reason, as a VPN that was turned on. */
const TOGETHER_MS = 5 * MINUTE_MS;

type PathFact = 'addresses-changed' | 'issuer-changed';

/** The last change of one kind. */
interface LastChange {
  readonly detail: string;
  readonly at: EpochMs;
  /** It is recorded as one of several endpoints. */
  readonly isShared: boolean;
}

export class FactLog {
  readonly #recorder: Pick<Recorder, 'event'>;
  readonly #clock: Pick<Clock, 'now'>;
  /** By kind of event and endpoint. */
  readonly #known = new Map<string, string>();
  readonly #last = new Map<PathFact, LastChange>();
  #stale: ReadonlySet<string> = new Set();
  #machine: MachineFacts = {};

  constructor(recorder: Pick<Recorder, 'event'>, clock: Pick<Clock, 'now'>) {
    this.#recorder = recorder;
    this.#clock = clock;
  }

  /** Compares a result with what earlier results of its endpoint showed; the first of a run only begins. */
  observe(endpointId: string, { evidence, tls }: OkResult | FailedResult): void {
    const { addresses = [], refusedIssuer } = evidence;
    if (addresses.length > 0) this.#note('addresses-changed', endpointId, kindsOf(addresses));
    const issuer = refusedIssuer ?? (tls?.trust === 'bundled' ? PUBLIC_ISSUER : tls?.issuer);
    if (issuer !== undefined) this.#note('issuer-changed', endpointId, issuer);
  }

  /** Records each mirror that has become stale. */
  observeStale(stale: readonly Staleness[]): void {
    for (const { endpointId, module } of stale) {
      if (!this.#stale.has(endpointId)) this.#recorder.event('mirror-stale', module, endpointId);
    }
    this.#stale = new Set(stale.map(({ endpointId }) => endpointId));
  }

  /** Compares what the machine sends packets through with what was read before; what cannot be read keeps its last value. */
  observeMachine(facts: MachineFacts): void {
    for (const fact of MACHINE_FACTS) {
      const [before, now] = [this.#machine[fact], facts[fact]];
      if (before === undefined || now === undefined || before === now) continue;
      this.#recorder.event(`${fact}-changed`, `${before}${FACT_ARROW}${now}`);
    }
    this.#machine = { ...this.#machine, ...facts };
  }

  /** The URL of an endpoint was changed: its first facts at the new URL are not recorded as a change. */
  forget(endpointId: string): void {
    for (const kind of ['addresses-changed', 'issuer-changed']) this.#known.delete(`${kind} ${endpointId}`);
  }

  #note(kind: PathFact, endpointId: string, value: string): void {
    const key = `${kind} ${endpointId}`;
    const before = this.#known.get(key);
    this.#known.set(key, value);
    if (before !== undefined && before !== value) this.#record(kind, endpointId, `${before}${FACT_ARROW}${value}`);
  }

  /** The first endpoint by its name, the second as an event of all; those that follow add nothing. */
  #record(kind: PathFact, endpointId: string, detail: string): void {
    const now = this.#clock.now();
    const last = this.#last.get(kind);
    const isShared = last?.detail === detail && now - last.at < TOGETHER_MS;
    this.#last.set(kind, { detail, at: isShared ? last.at : now, isShared });
    if (!isShared) this.#recorder.event(kind, detail, endpointId);
    else if (!last.isShared) this.#recorder.event(kind, detail);
  }
}

function kindsOf(addresses: readonly string[]): string {
  const kinds = addresses.map(judgeAddress).map((kind) => (kind === 'bogus' ? 'private' : kind));
  return [...new Set(kinds)].sort().join(', ');
}
