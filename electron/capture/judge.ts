/** From the facts of a connection to what went wrong with it. Pure; the first rule that fires says it. */
import { alertName, CLOSE_NOTIFY } from './alerts.ts';
import { certificateVerdict, clientEnded } from './certificate-verdict.ts';
import type { ConnectionFacts, ResetPacket } from './connection-facts.ts';
import { decryptedVerdict } from './decrypt/decrypted-verdict.ts';
import { isSameTtl } from './injectors.ts';
import { resetOrigin } from './reset-origin.ts';
import { slowness } from './slowness.ts';
import { type CaptureEvidence, type CaptureVerdict, type NetworkConditions, SILENCE_MS, verdictOf } from './verdict.ts';

/** A request may take its time: what probes allow until the headers. */
const REQUEST_SILENCE_MS = 6_000;
/** Shorter keep-alive times are rare: go's own is 90 s, nginx's 75 s, Apache's 5 s with a FIN. */
const IDLE_MS = 10_000;
/** Ethernet carries 1,460 bytes of TCP; tunnels and PPPoE less. A ClientHello with ML-KEM has about 1,450 and more. */
const LARGE_HELLO_BYTES = 1_200;

/** Judges one connection; total. */
export function judge(facts: ConnectionFacts, around: NetworkConditions): CaptureVerdict {
  const rules = [
    opening,
    foreign,
    certificateVerdict,
    alerted,
    decryptedVerdict,
    reset,
    refusedByProxy,
    helloDropped,
    ended,
    silent,
  ];
  for (const rule of rules) {
    const verdict = rule(facts, around);
    if (verdict !== null) return verdict;
  }
  return slowness(facts) ?? verdictOf('healthy', 0.9, healthyEvidence(facts));
}

function opening(facts: ConnectionFacts, around: NetworkConditions): CaptureVerdict | null {
  const { synAtMs, synAckAtMs, synTries, clientSide, serverSide } = facts;
  const hasReset = facts.resets.some(({ from }) => from === 'server');
  if (synAtMs === null && synAckAtMs === null) {
    const isReadable = facts.clientHello !== null || facts.request !== null;
    return isReadable ? null : verdictOf('incomplete', 0.9, [{ key: 'began-earlier', params: {} }]);
  }
  if (hasReset && clientSide.bytes === 0 && serverSide.bytes === 0) {
    const { origin, injector, confidence, evidence } = resetOrigin(facts, 'connect', 'server');
    return { id: 'rst-on-connect', confidence: Math.max(confidence, 0.8), evidence, origin, injector };
  }
  if (synAckAtMs !== null || serverSide.packets > 0) return null;
  const silence = silenceAfter(facts, around, synAtMs ?? 0);
  const evidence: CaptureEvidence[] = [{ key: 'syn-tries', params: { tries: synTries, seconds: seconds(silence) } }];
  if (silence >= SILENCE_MS || synTries > 1) return verdictOf('no-answer-to-syn', synTries > 1 ? 0.95 : 0.8, evidence);
  return verdictOf('incomplete', 0.7, [{ key: 'ended-early', params: {} }]);
}

function foreign({
  isServerForeign,
  isClientForeign,
  clientHello,
  request,
  answer,
}: ConnectionFacts): CaptureVerdict | null {
  if (clientHello !== null && (isServerForeign || (answer !== null && request === null))) {
    return verdictOf('not-tls', 0.95, [{ key: 'not-tls', params: {} }]);
  }
  return isClientForeign || (isServerForeign && clientHello === null) ? verdictOf('other-protocol', 0.9, []) : null;
}

function alerted({ alerts, encryptedAtMs }: ConnectionFacts): CaptureVerdict | null {
  const alert = alerts.find(({ code }) => code !== CLOSE_NOTIFY);
  if (alert === undefined || encryptedAtMs.client !== null) return null;
  const name = alert.code === null ? '?' : alertName(alert.code);
  return verdictOf('alert', 0.95, [
    { key: alert.from === 'client' ? 'alert-client' : 'alert-server', params: { alert: name } },
  ]);
}

function reset(facts: ConnectionFacts): CaptureVerdict | null {
  const first = facts.resets.find((one) => one.from === 'server' || !isOwnReset(facts, one));
  if (first === undefined || endedBefore(facts, first.atMs)) return null;
  const { clientHello, request, firstDataAtMs, encryptedAtMs } = facts;
  const isHandshake = clientHello !== null && (encryptedAtMs.client === null || encryptedAtMs.client > first.atMs);
  const isRequest = clientHello === null && request !== null && (firstDataAtMs === null || firstDataAtMs > first.atMs);
  const { origin, injector, confidence, evidence } = resetOrigin(facts, 'request', first.from);
  const id = isHandshake ? 'rst-after-client-hello' : isRequest ? 'rst-after-request' : 'rst-later';
  const named: CaptureEvidence[] = isHandshake ? helloEvidence(facts) : [];
  // Servers and load balancers drop idle connections; clients open another.
  const isIdle = facts.idleMs >= IDLE_MS;
  if (id === 'rst-later' && isIdle && facts.unanswered === null && injector === null) return null;
  const idle: CaptureEvidence[] = isIdle ? [{ key: 'idle', params: { seconds: seconds(facts.idleMs) } }] : [];
  return { id, confidence, evidence: [...named, ...evidence, ...idle], origin, injector };
}

/** Whether the client reset by itself: where captures are made at the server, forged ones come in its name. */
function isOwnReset({ clientSide }: ConnectionFacts, { ttl }: ResetPacket): boolean {
  return clientSide.ttl === null || isSameTtl(ttl, clientSide.ttl);
}

/** Whether the client had already closed, or both had: a reset after that is harmless. */
function endedBefore(facts: ConnectionFacts, atMs: number): boolean {
  const { clientSide, resets } = facts;
  const byClient = resets.some((one) => one.from === 'client' && one.atMs < atMs && isOwnReset(facts, one));
  return byClient || (clientSide.finAtMs !== null && clientSide.finAtMs <= atMs);
}

function refusedByProxy({ request, answer }: ConnectionFacts): CaptureVerdict | null {
  if (answer === null || (request?.method !== 'CONNECT' && request?.method !== 'SOCKS')) return null;
  const isGood = request.method === 'SOCKS' ? answer.status === 0 : answer.status >= 200 && answer.status < 300;
  if (isGood) return null;
  return verdictOf('proxy-refused', 0.95, [
    { key: 'proxy-answer', params: { status: answer.status, target: request.target } },
  ]);
}

function helloDropped(facts: ConnectionFacts, { answeredHellos }: NetworkConditions): CaptureVerdict | null {
  const { clientHello, clientSide, firstDataAtMs } = facts;
  if (clientHello === null || clientHello.retransmissions === 0) return null;
  // After a CONNECT the proxy's answer came earlier.
  const isAnswered = facts.serverHello !== null || (firstDataAtMs !== null && firstDataAtMs > clientHello.atMs);
  const isAcknowledged = clientSide.acknowledged >= clientHello.offset + clientHello.bytes;
  if (isAnswered || isAcknowledged || facts.serverSide.finAtMs !== null) return null;
  const isLarge = clientHello.bytes >= LARGE_HELLO_BYTES;
  const smaller = answeredHellos.filter((bytes) => bytes < LARGE_HELLO_BYTES);
  const larger = answeredHellos.filter((bytes) => bytes >= LARGE_HELLO_BYTES);
  const evidence: CaptureEvidence[] = [
    ...helloEvidence(facts),
    {
      key: 'hello-unacknowledged',
      params: {
        times: clientHello.retransmissions,
        acknowledged: Math.max(0, clientSide.acknowledged - clientHello.offset),
        bytes: clientHello.bytes,
      },
    },
    ...(isLarge && smaller[0] !== undefined
      ? [{ key: 'smaller-answered', params: { bytes: smaller[0] } } as const]
      : []),
    ...(isLarge && larger[0] !== undefined ? [{ key: 'larger-answered', params: { bytes: larger[0] } } as const] : []),
  ];
  if (!isLarge) return verdictOf('client-hello-dropped', 0.8, evidence);
  const confidence = larger.length > 0 ? 0.5 : smaller.length > 0 ? 0.95 : 0.8;
  return verdictOf('large-client-hello-dropped', confidence, evidence);
}

function ended(facts: ConnectionFacts): CaptureVerdict | null {
  const { serverSide, clientHello, serverHello, request, firstDataAtMs, unanswered, clientSide } = facts;
  const closedAt = serverSide.finAtMs;
  if (closedAt !== null && !endedBefore(facts, closedAt)) {
    const evidence: CaptureEvidence[] = [
      ...helloEvidence(facts),
      { key: 'fin', params: { ms: Math.round(closedAt), client: clientSide.bytes, server: serverSide.bytes } },
    ];
    const hasAsked = clientHello !== null || request !== null;
    if (firstDataAtMs === null) return verdictOf('eof', hasAsked ? 0.95 : 0.8, evidence);
    if (clientHello !== null && (serverHello === null ? facts.answer !== null : facts.encryptedAtMs.client === null)) {
      return verdictOf('eof', 0.9, evidence);
    }
    if (unanswered !== null) return verdictOf('eof', 0.75, evidence);
  }
  if (clientEnded(facts) && firstDataAtMs === null && serverSide.finAtMs === null) {
    const at = clientSide.finAtMs ?? facts.resets[0]?.atMs ?? 0;
    const askedAt = clientHello?.atMs ?? request?.atMs ?? null;
    // Patience that ran out is the failure (go: 10 s for a handshake); a quick end is the loser of a race of two addresses.
    const hasWaited = askedAt !== null && at - askedAt >= SILENCE_MS;
    const evidence: CaptureEvidence[] = [{ key: 'client-gave-up', params: { seconds: seconds(at) } }];
    return hasWaited
      ? verdictOf('no-answer', 0.85, [...helloEvidence(facts), ...evidence])
      : verdictOf('client-closed', 0.8, evidence);
  }
  return null;
}

function silent(facts: ConnectionFacts, around: NetworkConditions): CaptureVerdict | null {
  const { clientHello, serverHello, request, answer, firstDataAtMs, clientSide } = facts;
  const askedAt = clientHello?.atMs ?? request?.atMs ?? null;
  const isAnswered =
    clientHello !== null
      ? serverHello !== null || (firstDataAtMs ?? 0) > clientHello.atMs
      : answer !== null || firstDataAtMs !== null;
  if (isAnswered) return stalled(facts, around);
  if (askedAt === null || clientSide.bytes === 0)
    return verdictOf('incomplete', 0.7, [{ key: 'nothing-asked', params: {} }]);
  const silence = silenceAfter(facts, around, askedAt);
  if (silence < SILENCE_MS) return verdictOf('incomplete', 0.7, [{ key: 'ended-early', params: {} }]);
  return verdictOf('no-answer', 0.85, [
    ...helloEvidence(facts),
    { key: 'silence', params: { seconds: seconds(silence) } },
  ]);
}

/** An answer began, and then nothing more came: the rest of the handshake, or the answer to a request within it. */
function stalled(facts: ConnectionFacts, around: NetworkConditions): CaptureVerdict | null {
  const { clientHello, serverHello, encryptedAtMs, unanswered, alerts, clientSide } = facts;
  if (clientHello !== null && serverHello !== null && encryptedAtMs.client === null && alerts.length === 0) {
    const silence = silenceAfter(facts, around, serverHello.atMs);
    if (silence < SILENCE_MS) return verdictOf('incomplete', 0.7, [{ key: 'ended-early', params: {} }]);
    return verdictOf('no-answer', 0.8, [{ key: 'handshake-stalled', params: { seconds: seconds(silence) } }]);
  }
  if (unanswered === null) return null;
  const waited =
    clientSide.finAtMs === null ? silenceAfter(facts, around, unanswered.atMs) : clientSide.finAtMs - unanswered.atMs;
  if (waited < REQUEST_SILENCE_MS) return null;
  return verdictOf('no-answer', 0.7, [{ key: 'silence', params: { seconds: seconds(waited) } }]);
}

function silenceAfter({ beganAt }: ConnectionFacts, { endedAt }: NetworkConditions, atMs: number): number {
  return endedAt - beganAt - atMs;
}

function helloEvidence({ clientHello }: ConnectionFacts): CaptureEvidence[] {
  if (clientHello === null) return [];
  const { hello, bytes } = clientHello;
  const share = hello?.keyShares.find((group) => group.includes('MLKEM') || group.includes('Kyber'));
  const sent: CaptureEvidence = { key: 'hello', params: { bytes, name: hello?.serverName ?? '–' } };
  return share === undefined ? [sent] : [sent, { key: 'hello-post-quantum', params: { group: share } }];
}

function healthyEvidence({ serverHello, answer }: ConnectionFacts): readonly CaptureEvidence[] {
  if (serverHello !== null) return [{ key: 'handshake-done', params: { version: serverHello.hello.version } }];
  return answer === null ? [] : [{ key: 'answered', params: { status: answer.status } }];
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
