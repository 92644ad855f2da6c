/** What only the frames inside TLS tell: the server gave up a stream or the connection, or left an answer unfinished. Pure. */
import type { ConnectionFacts } from '../connection-facts.ts';
import { type CaptureEvidence, type CaptureVerdict, type NetworkConditions, verdictOf } from '../verdict.ts';
import type { OpenStream, SeenFrame } from './decrypted-stream.ts';

/** Normal ends. */
const CALM: readonly (string | null)[] = ['NO_ERROR', 'CANCEL'];
/** A request may take its time: what probes allow until the headers. */
const SILENCE_MS = 6_000;

/** null when the frames say nothing of a failure, or no secrets were there. */
export function decryptedVerdict(facts: ConnectionFacts, { endedAt }: NetworkConditions): CaptureVerdict | null {
  const http2 = facts.inside?.http2 ?? null;
  if (http2 === null) return null;
  const fromServer = http2.frames.filter(({ from }) => from === 'server');
  const reset = fromServer.find(({ type, code }) => type === 'RST_STREAM' && !CALM.includes(code));
  const goaway = fromServer.find(({ type, code }) => type === 'GOAWAY' && !CALM.includes(code));
  if (goaway !== undefined) return verdictOf('http2-goaway', 0.95, [goawayEvidence(goaway)]);
  if (reset !== undefined) {
    const { code, stream } = reset;
    return verdictOf('http2-reset', 0.95, [{ key: 'http2-reset', params: { code: code ?? '', stream } }]);
  }
  const [open] = http2.open;
  if (open === undefined || facts.resetCount > 0) return null;
  const leaving = fromServer.find(({ type }) => type === 'GOAWAY');
  if (leaving !== undefined && facts.serverSide.finAtMs !== null)
    return verdictOf('http2-goaway', 0.85, [goawayEvidence(leaving), unfinished(open)]);
  return unfinishedVerdict(facts, open, endedAt - facts.beganAt - lastAtMs(fromServer));
}

function unfinishedVerdict({ serverSide, clientSide }: ConnectionFacts, open: OpenStream, silentMs: number) {
  const closedAt = serverSide.finAtMs;
  const isServers = closedAt !== null && (clientSide.finAtMs === null || clientSide.finAtMs > closedAt);
  if (isServers) return verdictOf(open.answered ? 'body-cut' : 'eof', 0.95, [unfinished(open)]);
  if (closedAt !== null || silentMs < SILENCE_MS) return null;
  const silence: CaptureEvidence = { key: 'silence', params: { seconds: Math.round(silentMs / 100) / 10 } };
  return verdictOf('no-answer', 0.9, [unfinished(open), silence]);
}

function goawayEvidence({ code, lastStream, debug }: SeenFrame): CaptureEvidence {
  return { key: 'http2-goaway', params: { code: code ?? '', lastStream: lastStream ?? 0, debug: debug ?? '' } };
}

function unfinished({ stream, answered, bytes }: OpenStream): CaptureEvidence {
  return answered
    ? { key: 'http2-unfinished', params: { stream, bytes } }
    : { key: 'http2-unanswered', params: { stream } };
}

function lastAtMs(frames: readonly SeenFrame[]): number {
  return frames.at(-1)?.atMs ?? 0;
}
