/** From a trace to what happened, where it stuck, and why: statements a person reads, each with its evidence. Pure. */

import type { Cause } from '../../shared/domain/cause.ts';
import { httpOriginOf } from '../../shared/domain/host.ts';
import type { Sentence, TraceOutcome } from '../../shared/domain/traffic.ts';
import { explain } from '../explain/explain.ts';
import type { Finding } from '../explain/finding.ts';
import type { Trace, TraceConnection, TraceRequest } from './trace.ts';

/** What a trace shows. */
export interface Diagnosis {
  readonly outcome: TraceOutcome;
  /** null when nothing failed. */
  readonly cause: Cause | null;
  readonly phase: string | null;
  readonly host: string | null;
  /** Keys under `trace` of the messages, the most important first. */
  readonly statements: readonly Sentence[];
}

/** A wait for headers of this length or more counts as slow. */
const SLOW_SECONDS = 2;

/** Says what a trace shows. */
export function diagnose(trace: Trace): Diagnosis {
  const last = trace.requests.at(-1) ?? null;
  const words = [
    ...trace.words,
    ...trace.requests.flatMap(({ url, error }) => (error === null ? [] : [`# get ${url}: ${error}`])),
  ];
  const hasFailed = trace.words.some(
    (line) =>
      /^(?:go|error|fatal)\b.*: /.test(line) && !/^go: (?:downloading|finding|extracting|added|upgraded)\b/.test(line),
  );
  const isOpen = last !== null && last.status === null && last.error === null;
  const findings = explain(words.join('\n'), { interrupted: isOpen });
  const finding = findings[0] ?? null;
  if (hasFailed) return failed(trace, finding);
  if (isOpen) return hung(trace, last);
  if (last === null && trace.connections.length === 0) return nothingIn(finding);
  if (trace.requests.every(({ status }) => status === null)) {
    // Nothing was answered: whatever go said or did not say, nothing shows that a download works.
    return trace.requests.length === 0 ? withoutRequests(trace) : failed(trace, finding);
  }
  return trace.stopped && last !== null ? hungInBody(last) : succeeded(trace);
}

/** No request and no connection: what was cached, or no trace at all. */
function nothingIn(finding: Finding | null): Diagnosis {
  if (finding === null)
    return { outcome: 'empty', cause: null, phase: null, host: null, statements: [say('empty', {})] };
  const { cause, layer, host } = finding;
  return { outcome: 'failed', cause, phase: layer, host: host ?? null, statements: [say('as-go-says', {})] };
}

/** Connections without a request: only http2debug was on, or the beginning is missing. */
function withoutRequests(trace: Trace): Diagnosis {
  const host = trace.connections.at(-1)?.host ?? '';
  const statements = [say('no-requests', { host }), ...protocolNotes(trace)];
  return { outcome: 'empty', cause: null, phase: null, host: null, statements };
}

function succeeded(trace: Trace): Diagnosis {
  const failing = trace.requests.filter(({ error }) => error !== null);
  const notes = [...protocolNotes(trace), ...secretNote(trace)];
  if (failing.length > 0) return fellBack(trace, failing, notes);
  const retried = trace.requests.filter(({ retries }) => retries > 0);
  if (retried.length > 0) {
    const statements = [
      say('recovered', { retries: sum(retried.map(({ retries }) => retries)) }),
      ...retryReasons(trace),
      ...notes,
    ];
    return { outcome: 'recovered', cause: null, phase: null, host: null, statements };
  }
  const slow = trace.requests.filter(({ seconds }) => seconds !== null && seconds >= SLOW_SECONDS);
  if (slow.length > 0) {
    const seconds = Math.round(median(slow.map((one) => one.seconds ?? 0)));
    const statements = [
      say('slow', { seconds, count: slow.length, all: trace.requests.length }),
      say('slow-server', {}),
      ...notes,
    ];
    return { outcome: 'slow', cause: null, phase: null, host: null, statements };
  }
  return { outcome: 'healthy', cause: null, phase: null, host: null, statements: [say('healthy', {}), ...notes] };
}

/** An entry failed for each file, and the list let go use the next. */
function fellBack(trace: Trace, failing: readonly TraceRequest[], notes: readonly Sentence[]): Diagnosis {
  const host = failing[0]?.host ?? '';
  const finding = explain(failing.map(({ url, error }) => `Get "${url}": ${error}`).join('\n'))[0] ?? null;
  const beforeH2 = !trace.connections.some((one) => one.host === host);
  const phase = finding === null ? null : phaseOf(finding.cause, beforeH2, finding.layer);
  const other = nextHost(trace, host);
  const count = failing.length;
  const first = other === null ? say('fell-back-unseen', { host, count }) : say('fell-back', { host, count, other });
  const statements = [first, ...(beforeH2 ? [say('no-h2-line', { host })] : []), ...notes];
  return { outcome: 'fell-back', cause: finding?.cause ?? null, phase, host, statements };
}

/** Who answered instead of a host that failed; null = the trace does not show it (git is not among the requests). */
function nextHost({ requests }: Trace, failing: string): string | null {
  const others = requests.filter(({ host, status }) => host !== '' && host !== failing && status !== null);
  return (others.findLast(({ status }) => status !== null && status < 300) ?? others.at(-1))?.host ?? null;
}

function hung(trace: Trace, last: TraceRequest): Diagnosis {
  const connection = trace.connections.findLast(({ host }) => host === last.host) ?? null;
  const host = last.host;
  const code = trace.connections.flatMap((one) => (one.host === last.host ? one.resets : [])).at(-1)?.code ?? null;
  if (last.retries > 0 && code !== null) {
    const statements = [say('silent-retries', { code, retries: last.retries, host }), say('interrupted', {})];
    return { outcome: 'hung', cause: 'http2-stream-reset', phase: 'response', host, statements };
  }
  if (connection === null) {
    const statements = [say('hangs-before-h2', { host }), say('interrupted', {})];
    return { outcome: 'hung', cause: 'response-timeout', phase: null, host, statements };
  }
  const waited = last.at === null || trace.lastAt === null ? null : Math.round((trace.lastAt - last.at) / 1_000);
  const key = connection.acknowledged ? 'hangs-acknowledged' : 'hangs';
  const statements = [
    say(key, { host, path: pathOf(last.url) }),
    ...(waited === null || waited < 1 ? [] : [say('waited', { seconds: waited })]),
    say('no-response-limit', {}),
  ];
  return { outcome: 'hung', cause: 'response-timeout', phase: 'response', host, statements };
}

/** Every request was answered, and still go was not done: it was reading. */
function hungInBody({ host, url }: TraceRequest): Diagnosis {
  const statements = [say('hangs-in-body', { host, path: pathOf(url) }), say('no-response-limit', {})];
  return { outcome: 'hung', cause: 'response-timeout', phase: 'response', host, statements };
}

function failed(trace: Trace, finding: Finding | null): Diagnosis {
  const request =
    trace.requests.findLast(({ error, status }) => error !== null || (status ?? 0) >= 400) ??
    trace.requests.at(-1) ??
    null;
  const host = finding?.host ?? request?.host ?? null;
  const connection = trace.connections.findLast((one) => one.host === (request?.host ?? '')) ?? null;
  const seen = connection === null ? null : http2Failure(trace, connection, request);
  const cause = seen?.cause ?? finding?.cause ?? null;
  const statements =
    seen?.statements ?? (finding === null ? [say('failed', {})] : withoutFrames(finding, request, connection, trace));
  const layer = isPastTls(request, trace) && isBareEnd(cause) ? 'response' : (finding?.layer ?? 'response');
  const phase = cause === null ? null : phaseOf(cause, connection === null && layer !== 'response', layer);
  return { outcome: 'failed', cause, phase, host, statements: [...statements, ...secretNote(trace)] };
}

/** What only the frames tell. */
function http2Failure(
  trace: Trace,
  connection: TraceConnection,
  request: TraceRequest | null,
): { readonly cause: Cause; readonly statements: readonly Sentence[] } | null {
  const goaway = tellingGoaway(connection.goaways);
  if (goaway !== undefined)
    return { cause: 'http2-goaway', statements: goawayWords(trace, connection, goaway, request) };
  const reset = connection.resets.at(-1);
  if (reset !== undefined) return { cause: 'http2-stream-reset', statements: resetWords(reset, request) };
  const status = request?.status ?? null;
  if (status !== null && status >= 400) {
    const server = request?.headers.server ?? '';
    const key = server === '' ? 'status' : 'status-server';
    // The cause is that of the words: a 404 of a proxy may mean several things.
    const finding = explain(trace.words.join('\n'))[0];
    return finding === undefined
      ? null
      : {
          cause: finding.cause,
          statements: [say(key, { status, server, host: connection.host }), say('transport-fine', {})],
        };
  }
  if (connection.lost === null) return null;
  if (!connection.settings) {
    return {
      cause: 'http2-connection-lost',
      statements: [say('closed-before-settings', { host: connection.host }), say('after-tls', {})],
    };
  }
  if (request !== null && request.bytes > 0) {
    return {
      cause: 'body-truncated',
      statements: [say('closed-in-body', { path: pathOf(request.url), bytes: request.bytes })],
    };
  }
  const statements = [say('closed-before-headers', { host: connection.host }), say('middlebox', {})];
  return { cause: 'http2-connection-lost', statements };
}

/** A server says why once, and closes with a plain GOAWAY afterwards. */
function tellingGoaway(goaways: TraceConnection['goaways']) {
  return goaways.find(({ code }) => code !== 'NO_ERROR') ?? goaways.find(({ debug }) => debug !== '') ?? goaways.at(-1);
}

function goawayWords(
  trace: Trace,
  connection: TraceConnection,
  { code, lastStream, debug }: TraceConnection['goaways'][number],
  request: TraceRequest | null,
): readonly Sentence[] {
  if (code === 'ENHANCE_YOUR_CALM') return [say('goaway-calm', { host: connection.host }), say('rate-limit', {})];
  const isInFlight = debug !== '' || (request !== null && request.bytes > 0);
  const all = trace.connections.filter(({ goaways }) => goaways.length > 0).length;
  const inFlight = [say('goaway-in-flight', { stream: lastStream }), say('goaway-not-retried', { lastStream })];
  const draining = [say('goaway-each-time', { code, count: all }), say('draining', {})];
  return isInFlight ? [...inFlight, ...draining.slice(1)] : [...draining, ...inFlight];
}

function resetWords({ stream, code, afterBytes }: TraceConnection['resets'][number], request: TraceRequest | null) {
  if (request !== null && request.retries > 0) {
    return [say('reset-each-time', { code, tries: request.retries + 1 }), say('reset-retry-span', {})];
  }
  if (afterBytes > 0 || (request?.status ?? 0) === 200) {
    const path = pathOf(request?.url ?? '');
    return [say('reset-in-body', { path, bytes: afterBytes, code }), say('cdn-origin', {})];
  }
  return [say('reset', { code, number: CODES[code] ?? '?', stream }), say('connection-stayed', {})];
}

/** Numbers of RFC 9113 §7. */
const CODES: Readonly<Record<string, number>> = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  ENHANCE_YOUR_CALM: 11,
};

/** Without TLS, after headers, or with a server that has answered over HTTP/1.1 before: no handshake can be to blame. */
function isPastTls(request: TraceRequest | null, { requests, connections }: Trace): boolean {
  if (request === null) return false;
  if (request.url.startsWith('http:') || request.status !== null) return true;
  const isH2 = connections.some(({ host }) => host === request.host);
  return !isH2 && requests.some(({ url, status }) => sameOrigin(url, request.url) && status !== null);
}

/** Dial, TLS or HTTP/1.1: the words say what, the missing http2 lines say how early. */
function withoutFrames(
  finding: Finding,
  request: TraceRequest | null,
  connection: TraceConnection | null,
  trace: Trace,
): readonly Sentence[] {
  const host = finding.host ?? request?.host ?? '';
  const reached: Sentence[] = connection === null ? [say('no-h2-line', { host })] : [];
  switch (finding.cause) {
    case 'tls-unknown-authority':
      return [say('unknown-authority', { host }), say('handshake-failed', {})];
    case 'eof-no-response':
    case 'connection-reset':
      return [...endedWords(finding.cause === 'connection-reset', host, request, trace), ...reached];
    case 'body-truncated':
      return [say('cut-in-body', { host, path: pathOf(request?.url ?? '') })];
    case 'connect-refused':
      return [say('refused', { host })];
    case 'dns-no-such-host':
      return [say('no-such-host', { host })];
    case 'dns-timeout':
      return [say('dns-timeout', { host })];
    default:
      return [say('as-go-says', {}), ...reached];
  }
}

function endedWords(isReset: boolean, host: string, request: TraceRequest | null, trace: Trace): readonly Sentence[] {
  if (!isPastTls(request, trace)) return [say(isReset ? 'reset-in-tls' : 'eof-in-tls', { host }), say('or-http1', {})];
  const params = { host, path: pathOf(request?.url ?? '') };
  if (request?.status != null) return [say('cut-in-body', params)];
  return [say(isReset ? 'reset-unanswered' : 'closed-unanswered', params)];
}

/** What says nothing of when it happened. */
function isBareEnd(cause: Cause | null): boolean {
  return cause === 'eof-no-response' || cause === 'connection-reset';
}

/** A bare EOF or reset before any http2 line of a server that may speak h2 happened in TLS: later there would have been one. */
function phaseOf(cause: Cause, couldBeTls: boolean, layer: string): string {
  if (couldBeTls && isBareEnd(cause)) return 'tls';
  return cause === 'body-truncated' || cause.startsWith('http2-') ? 'response' : layer;
}

function protocolNotes({ requests, connections, framed, frames }: Trace): readonly Sentence[] {
  if (requests.length === 0) return [];
  const [first] = connections;
  if (first === undefined) return [say('http1-only', {})];
  const served = requests.filter(({ host, status }) => host === first.host && status !== null).length;
  const reuse = connections.length === 1 && served > 1 ? [say('one-connection', { count: served })] : [];
  const settings = framed ? [say('frames', { frames })] : [];
  return [say('h2-negotiated', { host: first.host }), ...reuse, ...settings];
}

function retryReasons({ connections }: Trace): readonly Sentence[] {
  const goaway = connections.flatMap(({ goaways }) => goaways)[0];
  const reset = connections.flatMap(({ resets }) => resets)[0];
  if (goaway !== undefined) return [say('goaway-before-stream', { lastStream: goaway.lastStream, code: goaway.code })];
  if (reset !== undefined) return [say('refused-stream-retried', { code: reset.code })];
  return [];
}

function secretNote({ hadSecrets }: Trace): readonly Sentence[] {
  return hadSecrets ? [say('secrets', {})] : [];
}

function say(key: string, params: Sentence['params']): Sentence {
  return { key, params };
}

function sameOrigin(one: string, other: string): boolean {
  const [a, b] = [httpOriginOf(one), httpOriginOf(other)];
  return a !== null && b !== null && a.secure === b.secure && a.host === b.host && a.port === b.port;
}

function pathOf(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]+/i, '');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, one) => total + one, 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
