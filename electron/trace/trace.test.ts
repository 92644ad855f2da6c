/** Every recorded trace says what it has to: cause, phase, host, and the sentences that a good diagnosis needs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import en from '../../shared/messages/en.json' with { type: 'json' };
import { diagnose } from './diagnose.ts';
import { moduleToTrace } from './run-trace.ts';
import { stamped, type Trace, TraceReader } from './trace.ts';
import { parseTraceLine, withoutSecrets } from './trace-line.ts';

interface Recorded {
  readonly file: string;
  readonly cause: string;
  readonly phase: string | null;
  readonly failing_host: string | null;
}

const FOLDER = join(import.meta.dirname, 'fixtures');
const recorded = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as readonly Recorded[];

/** What each kind of trace must say, as keys of the messages. */
const MUST_SAY: Readonly<Record<string, readonly string[]>> = {
  'healthy-h2-debug1': ['healthy', 'h2-negotiated', 'one-connection'],
  'healthy-h2-debug2': ['healthy', 'frames'],
  'healthy-http1-only': ['healthy', 'http1-only'],
  'goaway-then-retry-ok': ['recovered', 'goaway-before-stream'],
  'goaway-every-time': ['goaway-each-time', 'draining'],
  'goaway-inflight': ['goaway-in-flight', 'goaway-not-retried'],
  'goaway-enhance-your-calm': ['goaway-calm', 'rate-limit'],
  'rst-stream-internal-error': ['reset', 'connection-stayed'],
  'rst-stream-internal-error-debug2': ['reset'],
  'rst-refused-then-ok': ['recovered', 'refused-stream-retried'],
  'rst-stream-mid-zip': ['reset-in-body', 'cdn-origin'],
  'close-mid-zip': ['closed-in-body'],
  'close-mid-headers': ['closed-before-headers', 'middlebox'],
  'close-after-preface': ['closed-before-settings', 'after-tls'],
  'slow-headers': ['slow', 'slow-server'],
  'hang-no-headers': ['hangs-acknowledged', 'no-response-limit'],
  'tls-unknown-authority': ['unknown-authority', 'handshake-failed'],
  'eof-in-tls': ['eof-in-tls', 'no-h2-line'],
  'reset-in-tls': ['reset-in-tls', 'no-h2-line'],
  'connect-refused': ['refused'],
  'dns-nxdomain': ['no-such-host'],
  'dns-timeout': ['dns-timeout'],
  'rst-protocol-error-silent-retries': ['silent-retries', 'interrupted'],
  'rst-refused-every-time': ['reset-each-time', 'reset-retry-span'],
  'http-502-h2': ['status-server', 'transport-fine'],
  'credentials-in-header': ['healthy', 'secrets'],
  'pipe-fallback-eof-then-ok': ['fell-back', 'no-h2-line'],
};

function textOf(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

function readTrace(text: string): Trace {
  const reader = new TraceReader();
  for (const line of text.split('\n')) reader.add(stamped(line));
  return reader.end();
}

it.each(recorded)('$file', ({ file, cause, phase, failing_host }) => {
  const diagnosis = diagnose(readTrace(textOf(file)));
  const keys = diagnosis.statements.map(({ key }) => key);
  expect(keys).toEqual(expect.arrayContaining([...(MUST_SAY[file.replace(/\.go1.*$/, '')] ?? ['no such kind'])]));
  if (cause === 'none') expect(diagnosis).toMatchObject({ cause: null, host: null });
  else if (cause === 'none-fell-back') expect(diagnosis).toMatchObject({ outcome: 'fell-back', host: failing_host });
  else expect(diagnosis).toMatchObject({ cause, phase, host: failing_host });
});

it('no secret of a trace is kept, shown, or in its diagnosis', () => {
  for (const { file } of recorded.filter((one) => one.file.startsWith('credentials'))) {
    const text = textOf(file);
    const secret = Buffer.from('ci:s3cret').toString('base64');
    expect(text).toContain(secret);
    const trace = readTrace(text);
    const kept = JSON.stringify([trace, diagnose(trace)]) + text.split('\n').map(withoutSecrets).join('\n');
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain('s3cret');
  }
});

it('has words for everything it says', () => {
  const words = en.trace as Record<string, string>;
  for (const keys of Object.values(MUST_SAY)) for (const key of keys) expect(words[key], key).toBeDefined();
});

describe('stamps', () => {
  it('tell when a request was sent and how long the handshake took', () => {
    const trace = readTrace(
      [
        '0.100\t# get https://a.test/x/@v/list',
        '0.101\thttp2: Transport failed to get client conn for a.test:443: http2: no cached connection was available',
        '0.351\thttp2: Transport creating client conn 0xc0 to 203.0.113.1:443',
        '9.400\tgo package net: anything',
      ].join('\n'),
    );
    expect(trace.requests[0]).toMatchObject({ host: 'a.test', at: 100 });
    expect(trace.connections[0]).toMatchObject({ host: 'a.test', handshakeMs: 250 });
    expect(diagnose(trace)).toMatchObject({
      outcome: 'hung',
      statements: [{ key: 'hangs' }, { key: 'waited', params: { seconds: 9 } }, { key: 'no-response-limit' }],
    });
  });

  it('are not mistaken for text', () => {
    expect(stamped('12.345\tx')).toEqual({ at: 12_345, text: 'x' });
    expect(stamped('12.345 x')).toEqual({ at: null, text: 'x' });
  });

  it.each([
    '#14 12.397 ',
    '12.39 ',
    '2026-11-24T03:12:44.1234567Z ',
    '[step-build] ',
    'E1124 03:12:44.1 1 a.go:4] ',
    '> ',
  ])('takes %j off each line', (mark) => {
    const lines = ['# get https://proxy.example/m/@v/list', '# get https://proxy.example/m/@v/list: 200 OK (0.051s)'];
    const reader = new TraceReader();
    for (const line of lines) reader.add(stamped(`${mark}${line}`));
    expect(reader.end().requests).toMatchObject([{ host: 'proxy.example', status: 200, seconds: 0.051 }]);
  });

  it('reads the rest of an interrupted download as a request of the same file', () => {
    const url = 'https://proxy.example/m/@v/v1.0.0.zip';
    const reader = new TraceReader();
    for (const line of [
      `# get ${url}`,
      `# get ${url}: interrupted`,
      `# get ${url} (offset 42)`,
      `# get ${url}: 206 OK (1.0s)`,
    ])
      reader.add(stamped(line));
    expect(reader.end().requests.at(-1)).toMatchObject({ url, status: 206, error: null });
  });
});

it('reads any line, cut or damaged, and never throws', () => {
  const lines = recorded.flatMap(({ file }) => textOf(file).split('\n')).filter((line) => line !== '');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...lines), fc.nat(300)), { maxLength: 40 }), (parts) => {
      const text = parts.map(([line, length]) => line.slice(0, length)).join('\n');
      expect(diagnose(readTrace(text)).statements.length).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
  fc.assert(fc.property(fc.string(), (line) => void parseTraceLine(line)));
});

it('a trace that makes thousands of connections stays small', () => {
  const once = [
    'http2: Transport failed to get client conn for a.test:443: http2: no cached connection was available',
    'http2: Transport creating client conn 0xc0 to 203.0.113.1:443',
    'http2: Transport received RST_STREAM stream=1 len=4 ErrCode=PROTOCOL_ERROR',
    'RoundTrip retrying after failure: stream error: stream ID 1; PROTOCOL_ERROR; received from peer',
  ].join('\n');
  const trace = readTrace(`# get https://a.test/x/@v/list\n${`${once}\n`.repeat(5_000)}`);
  expect(trace.connections.length).toBeLessThanOrEqual(500);
  expect(diagnose(trace).statements[0]).toMatchObject({ key: 'silent-retries', params: { retries: 5_000 } });
});

describe('what is traced', () => {
  it.each([
    ['golang.org/x/text', 'golang.org/x/text@latest'],
    ['golang.org/x/text@v0.3.0', 'golang.org/x/text@v0.3.0'],
    ['golang.org/x/text@', null],
    ['-x', null],
    ['what is this', null],
  ])('%s', (text, module) => expect(moduleToTrace(text)).toBe(module));

  it('a text that is no trace is not called healthy', () => {
    expect(diagnose(readTrace('dear diary\n'))).toMatchObject({ outcome: 'empty', cause: null });
    expect(diagnose(readTrace('go: example.com/m@v1.0.0: dial tcp: lookup example.com: no such host'))).toMatchObject({
      outcome: 'failed',
      cause: 'dns-no-such-host',
    });
  });
});
