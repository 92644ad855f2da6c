/** What the gallery's snapshots are made of: endpoints, strips, profiles, walks. Deterministic, so that pictures can be compared. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import { type EndpointState, type Snapshot, STRIP_CELLS, type StripCell } from '../../shared/domain/snapshot.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { sampleEndpoint } from '../doubles/sample-snapshot.ts';

/** Makes a snapshot as of an instant (epoch ms). */
export type Make = (now: number) => Snapshot;

/** mulberry32: the same strip in every picture. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** 24 hours of latencies around a base, changed cell by cell. */
export function strip(
  seed: number,
  base: number,
  change: (i: number, cell: StripCell) => StripCell = (_, cell) => cell,
): StripCell[] {
  const next = random(seed);
  return Array.from({ length: STRIP_CELLS }, (_, i) =>
    change(i, { outcome: 'up', latencyMs: base * (0.8 + 0.6 * next()) }),
  );
}

/** How an endpoint differs from one that is up. */
export interface EndpointOptions {
  readonly status?: EndpointState['status'];
  readonly latencyMs?: number;
  readonly cause?: Cause;
  readonly uptime?: number | null;
  readonly cells?: readonly StripCell[];
  readonly reason?: EndpointState['reason'];
  readonly confirming?: number;
}

/** An endpoint whose name is its host. */
export function endpoint(now: number, name: string, seed: number, options: EndpointOptions = {}): EndpointState {
  const { status = 'up', latencyMs = 40, cause = null, uptime = 0.997, reason = null, confirming = 0 } = options;
  const measured = status !== 'unknown';
  const failed = status === 'down';
  const sample = { endpointId: name, at: now - 12_000, phases: {}, totalMs: latencyMs } as const;
  const outcome = failed ? (cause ?? 'unknown') : null;
  return sampleEndpoint(name, {
    endpoint: { id: name, kind: 'goproxy', name, url: `https://${name}` },
    status,
    reason,
    since: now - 192_000,
    cause,
    degradation: status === 'degraded' ? 'over-limit' : null,
    confirming,
    last: measured ? result(now, name, latencyMs, outcome) : null,
    lastSample: measured ? { ...sample, outcome: failed ? 'failed' : 'ok', cause: outcome ?? undefined } : null,
    strip:
      options.cells ??
      (measured ? strip(seed, latencyMs) : strip(seed, 0, () => ({ outcome: 'gap', latencyMs: null }))),
    uptime24h: measured ? uptime : null,
  });
}

function result(now: number, name: string, totalMs: number, cause: Cause | null): OkResult | FailedResult {
  const measured = {
    kind: 'goproxy',
    url: `https://${name}`,
    depth: 'full',
    startedAt: now - 12_000,
    remote: { address: '203.0.113.7', port: 443, family: 4 },
    evidence: { url: `https://${name}/golang.org/x/text/@v/v0.3.0.info`, addresses: ['203.0.113.7'] },
  } as const;
  if (cause !== null) {
    return {
      ...measured,
      outcome: 'failed',
      phases: { dns: 3.1, connect: 11.8 },
      totalMs: 21,
      steps: [],
      failure: { cause, phase: 'tls', message: 'read ECONNRESET', code: 'ECONNRESET' },
    };
  }
  const part = (share: number) => totalMs * share;
  return {
    ...measured,
    outcome: 'ok',
    slow: [],
    phases: {
      dns: part(0.08),
      connect: part(0.22),
      tls: part(0.34),
      request: 0.2,
      response: part(0.3),
      body: part(0.05),
      verify: 0.1,
    },
    totalMs,
    protocol: 'h2',
    tls: {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      alpn: 'h2',
      issuer: 'Example Trust Services R3',
      subject: name,
      validTo: now + 60 * 86_400_000,
      trust: 'bundled',
    },
    steps: (['info', 'list', 'mod', 'missing'] as const).map((step, i) => ({
      name: step,
      url: '',
      outcome: 'ok',
      durationMs: totalMs / (i + 1),
    })),
  };
}

/** A verdict with only what matters given. */
export function verdict(change: Pick<Verdict, 'name' | 'severity' | 'since'> & Partial<Verdict>): Verdict {
  return { endpointId: null, cause: null, walk: null, degradation: null, ...change };
}
