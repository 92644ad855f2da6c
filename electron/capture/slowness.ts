/** Which phase of a connection that worked took longer than it should, and whether lost packets are why. */
import type { ConnectionFacts } from './connection-facts.ts';
import { type CaptureEvidence, type CaptureVerdict, verdictOf } from './verdict.ts';

/** The soft limits of the probes: dial 1 s, TLS 1 s, header 2 s. */
const LIMITS_MS = { connect: 1_000, tls: 1_000, response: 2_000 } as const;

interface Wait {
  readonly phase: keyof typeof LIMITS_MS;
  readonly ms: number;
  readonly repetitions: number;
}

/** The slowest phase as a verdict; null when all were quick enough. */
export function slowness(facts: ConnectionFacts): CaptureVerdict | null {
  const slow = waitsOf(facts).filter(({ phase, ms }) => ms > LIMITS_MS[phase]);
  const [worst] = [...slow].sort((a, b) => b.ms / LIMITS_MS[b.phase] - a.ms / LIMITS_MS[a.phase]);
  if (worst === undefined) return null;
  const { phase, ms, repetitions } = worst;
  const waited: CaptureEvidence = { key: `waited-${phase}` as const, params: { ms: Math.round(ms) } };
  if (repetitions === 0) return verdictOf('slow-server', 0.85, [waited]);
  return verdictOf('packet-loss', 0.75, [waited, { key: 'retransmissions', params: { times: repetitions } }]);
}

function waitsOf(facts: ConnectionFacts): readonly Wait[] {
  const { synAtMs, synAckAtMs, synTries, clientHello, serverHello, request, answer, longestWait } = facts;
  const waits: Wait[] = [];
  if (synAtMs !== null && synAckAtMs !== null) {
    waits.push({ phase: 'connect', ms: synAckAtMs - synAtMs, repetitions: synTries - 1 });
  }
  if (clientHello !== null && serverHello !== null) {
    waits.push({ phase: 'tls', ms: serverHello.atMs - clientHello.atMs, repetitions: clientHello.retransmissions });
  }
  if (request !== null && answer !== null) {
    waits.push({ phase: 'response', ms: answer.atMs - request.atMs, repetitions: facts.clientSide.retransmissions });
  }
  if (longestWait !== null)
    waits.push({ phase: 'response', ms: longestWait.ms, repetitions: longestWait.retransmissions });
  return waits;
}
