/** Who sent a reset: the machine in whose name it came, or a device in between. Pure; says what it goes by. */
import type { ConnectionFacts, ResetPacket } from './connection-facts.ts';
import { closestInjector, type InjectorRow, isSameTtl, type ResetContext } from './injectors.ts';
import type { Side } from './message.ts';
import type { CaptureEvidence, ResetSource } from './verdict.ts';

/** Who sent a reset, and what that rests on. */
export interface ResetOrigin {
  readonly origin: ResetSource;
  /** Id of the published fingerprint that fits; null unless all of it does. */
  readonly injector: string | null;
  readonly confidence: number;
  readonly evidence: readonly CaptureEvidence[];
}

/** A reset that was forged is followed by what the machine itself still says: no host continues after its own reset. */
const TALKED_CONFIDENCE = 0.9;

/** Judges the resets that came in one side's name. There must be at least one. */
export function resetOrigin(facts: ConnectionFacts, trigger: InjectorRow['trigger'], side: Side): ResetOrigin {
  const resets = facts.resets.filter(({ from }) => from === side);
  const { ttl: ownTtl } = side === 'server' ? facts.serverSide : facts.clientSide;
  const scene: ResetContext = {
    trigger,
    triggers: 1 + (facts.clientHello?.retransmissions ?? (trigger === 'connect' ? facts.synTries : 0)),
    port: facts.serverPort,
    ownTtl,
  };
  const closest = closestInjector(resets, scene);
  const evidence = [...resetEvidence(resets, ownTtl), ...talked(facts)];
  if (closest !== null && closest.misses.length === 0) {
    const { row } = closest;
    const match: CaptureEvidence = { key: 'injector-match', params: { injector: row.id, source: row.source } };
    const bonus = facts.talkedAfterReset ? (1 - row.confidence) / 2 : 0;
    return { origin: 'injected', injector: row.id, confidence: row.confidence + bonus, evidence: [match, ...evidence] };
  }
  const near: CaptureEvidence[] =
    closest === null || closest.misses[0] === 'own-ttl'
      ? []
      : [{ key: 'injector-near', params: { injector: closest.row.id, field: closest.misses[0] ?? 'flags' } }];
  if (facts.talkedAfterReset) {
    return { origin: 'injected', injector: null, confidence: TALKED_CONFIDENCE, evidence: [...evidence, ...near] };
  }
  const { origin, confidence } = byTtl(resets, ownTtl);
  return { origin, injector: null, confidence, evidence: [...evidence, ...near] };
}

function byTtl(
  resets: readonly ResetPacket[],
  ownTtl: number | null,
): { readonly origin: ResetSource; readonly confidence: number } {
  if (ownTtl === null) return { origin: 'unclear', confidence: 0.5 };
  // A payload in a reset, or an identification out of turn, is odd, but only another distance speaks against the machine.
  const isOwn = resets.every(({ ttl, payload }) => isSameTtl(ttl, ownTtl) && payload === '');
  return isOwn ? { origin: 'genuine', confidence: 0.85 } : { origin: 'unclear', confidence: 0.6 };
}

function resetEvidence(resets: readonly ResetPacket[], ownTtl: number | null): readonly CaptureEvidence[] {
  const [first] = resets;
  if (first === undefined) return [];
  const flags = first.withAck ? 'RST+ACK' : 'RST';
  const id = first.id === null ? '–' : `0x${first.id.toString(16).padStart(4, '0')}`;
  const fragment = first.dontFragment === null ? '–' : Number(first.dontFragment);
  const { window, ttl } = first;
  const packet: CaptureEvidence = {
    key: 'reset',
    params: { count: resets.length, flags, ttl, id, fragment, window, ms: Math.round(first.atMs) },
  };
  const payload: CaptureEvidence[] =
    first.payload === '' ? [] : [{ key: 'reset-payload', params: { hex: first.payload } }];
  if (ownTtl === null) return [packet, ...payload];
  const key = isSameTtl(ttl, ownTtl) ? 'ttl-same' : 'ttl-differs';
  return [packet, ...payload, { key, params: { reset: ttl, own: ownTtl } }];
}

function talked({ talkedAfterReset }: ConnectionFacts): readonly CaptureEvidence[] {
  return talkedAfterReset ? [{ key: 'talked-after-reset', params: {} }] : [];
}
