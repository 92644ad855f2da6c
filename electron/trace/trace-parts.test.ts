/** Lines of a trace one by one, what they fold into, and what is said of it. */
import { describe, expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';
import { type Trace, TraceReader } from './trace.ts';
import { parseTraceLine, withoutSecrets } from './trace-line.ts';

function trace(...lines: readonly string[]): Trace {
  const reader = new TraceReader();
  for (const text of lines) reader.add({ at: null, text });
  return reader.end();
}

const DIAL = 'http2: Transport failed to get client conn for a.test:443: http2: no cached connection was available';
const CONNECTED = 'http2: Transport creating client conn 0xc000 to 203.0.113.1:443';
const SETTINGS = 'http2: Transport received SETTINGS len=18, settings: MAX_CONCURRENT_STREAMS=100';
const GET = '# get https://a.test/x/@v/list';
const statements = (...lines: readonly string[]) => diagnose(trace(...lines)).statements.map(({ key }) => key);

describe('a line', () => {
  it.each([
    ['# get https://a.test/x', { kind: 'request', url: 'https://a.test/x' }],
    ['# get https://a.test/x: 200 OK (0.051s)', { kind: 'response', status: 200, seconds: 0.051 }],
    ['# get https://a.test/x: 404 Not Found', { kind: 'response', status: 404, seconds: null }],
    [
      '# get https://a.test/x: Get "https://a.test/x": EOF',
      { kind: 'request-failed', error: 'Get "https://a.test/x": EOF' },
    ],
    [DIAL, { kind: 'dial', host: 'a.test' }],
    [CONNECTED, { kind: 'connection', id: '0xc000', address: '203.0.113.1:443' }],
    [
      'http2: Transport readFrame error on conn 0xc000: (*errors.errorString) EOF',
      { kind: 'connection-lost', error: 'EOF' },
    ],
    ['http2: Transport closing idle conn 0xc000 (forSingleUse=false)', { kind: 'connection-closed', id: '0xc000' }],
    [
      'http2: Transport received DATA flags=END_STREAM|PADDED stream=3 len=50 data="x"',
      { kind: 'frame', type: 'DATA', received: true, stream: 3, length: 50, flags: ['END_STREAM', 'PADDED'] },
    ],
    [
      'http2: Transport received GOAWAY len=8 LastStreamID=7 ErrCode=NO_ERROR Debug="shutting down"',
      { kind: 'frame', code: 'NO_ERROR', lastStream: 7, debug: 'shutting down', stream: null },
    ],
    [
      'http2: Framer 0xc1: wrote WINDOW_UPDATE len=4 (conn) incr=1',
      { kind: 'frame', received: false, type: 'WINDOW_UPDATE' },
    ],
    ['http2: Framer 0xc1: read DATA stream=1 len=5', { kind: 'text', text: '' }],
    [
      'http2: decoded hpack field header field ":status" = "200"',
      { kind: 'header', received: true, name: ':status', value: '200' },
    ],
    ['http2: Transport encoding header "user-agent" = "Go-http-client/2.0"', { kind: 'header', received: false }],
    ['RoundTrip retrying after failure: unexpected EOF', { kind: 'retry', error: 'unexpected EOF' }],
    ['http2: RoundTrip failure: EOF', { kind: 'given-up', error: 'EOF' }],
    ['go package net: confVal.netCgo = false', { kind: 'resolver', text: 'confVal.netCgo = false' }],
    ['go: downloading a.test/x v1.0.0  ', { kind: 'text', text: 'go: downloading a.test/x v1.0.0' }],
  ])('%s', (line, wanted) => expect(parseTraceLine(line)).toMatchObject(wanted));

  it.each([
    '# get https://lin:s3cret@a.test/x',
    '# get https://a.test/x?token=s3cret: 200 OK (0.1s)',
    '# get https://a.test/x: Get "https://lin:s3cret@a.test/x": EOF',
    'http2: Transport encoding header "authorization" = "Basic s3cret"',
    'http2: decoded hpack field header field "Set-Cookie" = "id=s3cret"',
    'http2: Transport encoding header "private-token" = "s3cret"',
    'http2: Transport encoding header "x-jfrog-art-api" = "s3cret"',
    'go: https://lin:s3cret@a.test: not found',
  ])('%s keeps no secret', (line) => {
    expect(JSON.stringify(parseTraceLine(line))).not.toContain('s3cret');
    expect(withoutSecrets(line)).not.toContain('s3cret');
  });
});

describe('folding', () => {
  it('a response belongs to its request, and one that was not announced is taken as it comes', () => {
    const { requests } = trace(GET, '# get https://b.test/y: 200 OK (0.2s)', `${GET}: 404 Not Found (0.1s)`);
    expect(requests.map(({ host, status, seconds }) => [host, status, seconds])).toEqual([
      ['a.test', 404, 0.1],
      ['b.test', 200, 0.2],
    ]);
  });

  it('counts streams, acknowledgements, ends and bytes on their connection', () => {
    const { connections, requests } = trace(
      GET,
      DIAL,
      CONNECTED,
      SETTINGS,
      'http2: Transport received SETTINGS flags=ACK len=0',
      'http2: Transport received HEADERS flags=END_HEADERS stream=1 len=9',
      'http2: Transport received DATA stream=1 len=500',
      'http2: Transport received RST_STREAM stream=1 len=4 ErrCode=INTERNAL_ERROR',
      'http2: Transport received GOAWAY len=8 LastStreamID=1 ErrCode=NO_ERROR Debug=""',
      'http2: Transport readFrame error on conn 0xc000: (*errors.errorString) EOF',
    );
    expect(connections).toMatchObject([
      {
        host: 'a.test',
        streams: 1,
        settings: true,
        acknowledged: true,
        resets: [{ stream: 1, code: 'INTERNAL_ERROR', afterBytes: 500 }],
        goaways: [{ code: 'NO_ERROR', lastStream: 1 }],
        lost: 'EOF',
      },
    ]);
    expect(requests[0]).toMatchObject({ stream: 1, bytes: 500 });
  });

  it('a connection that we closed ourselves is not lost', () => {
    const ended = 'http2: Transport readFrame error on conn 0xc000: (*net.OpError) use of closed network connection';
    expect(trace(GET, DIAL, CONNECTED, ended).connections[0]?.lost).toBeNull();
  });

  it('a status in a header counts before the line of go, and a secret in the clear is noted', () => {
    const { requests, hadSecrets } = trace(
      GET,
      'http2: Transport encoding header "authorization" = "Basic abc"',
      'http2: decoded hpack field header field ":status" = "503"',
      'http2: decoded hpack field header field "server" = "nginx"',
    );
    expect(requests[0]).toMatchObject({ status: 503, headers: { server: 'nginx' } });
    expect(hadSecrets).toBe(true);
    expect(trace('http2: Transport encoding header "authorization" = "xxxxx"').hadSecrets).toBe(false);
  });
});

describe('what is said', () => {
  const ok = `${GET}: 200 OK (0.051s)`;

  it('of a healthy trace: the protocol, reuse, and no cause', () => {
    const all = trace(
      GET,
      DIAL,
      CONNECTED,
      SETTINGS,
      ok,
      '# get https://a.test/y',
      '# get https://a.test/y: 200 OK (0.02s)',
    );
    expect(diagnose(all)).toMatchObject({ outcome: 'healthy', cause: null, host: null });
    expect(diagnose(all).statements).toContainEqual({ key: 'one-connection', params: { count: 2 } });
  });

  it('of headers that took long: how long, and how often', () => {
    const slow = diagnose(trace(GET, `${GET}: 200 OK (4.2s)`));
    expect(slow.outcome).toBe('slow');
    expect(slow.statements[0]).toEqual({ key: 'slow', params: { seconds: 4, count: 1, all: 1 } });
  });

  it('of a request that hangs: before h2, on a connection, or in the body', () => {
    expect(statements(GET)).toEqual(['hangs-before-h2', 'interrupted']);
    expect(statements(GET, DIAL, CONNECTED)).toEqual(['hangs', 'no-response-limit']);
    const reader = new TraceReader();
    for (const text of [GET, ok]) reader.add({ at: 100, text });
    expect(diagnose(reader.end({ stopped: true }))).toMatchObject({
      outcome: 'hung',
      cause: 'response-timeout',
      statements: [{ key: 'hangs-in-body', params: { host: 'a.test', path: '/x/@v/list' } }, {}],
    });
  });

  it('of an entry that fails where the next one serves: both hosts, and how often', () => {
    const failing = [GET, `${GET}: Get "https://a.test/x/@v/list": EOF`];
    const served = ['# get https://b.test/x/@v/list', '# get https://b.test/x/@v/list: 200 OK (0.1s)'];
    expect(diagnose(trace(...failing, ...served))).toMatchObject({
      outcome: 'fell-back',
      cause: 'eof-no-response',
      phase: 'tls',
      host: 'a.test',
      statements: [
        { key: 'fell-back', params: { host: 'a.test', count: 1, other: 'b.test' } },
        { key: 'no-h2-line' },
        {},
      ],
    });
  });

  it('an end without a word cannot have been in TLS where there is none', () => {
    const plain = 'http://a.test/x/@v/list';
    const all = trace(`# get ${plain}`, `# get ${plain}: Get "${plain}": EOF`, `go: a.test/x: Get "${plain}": EOF`);
    expect(diagnose(all)).toMatchObject({ phase: 'response', statements: [{ key: 'closed-unanswered' }, {}] });
  });

  it('of a connection that ended before its settings, before headers, and in the body', () => {
    const lost = 'http2: Transport readFrame error on conn 0xc000: (*errors.errorString) EOF';
    const failed = `go: a.test/x: Get "https://a.test/x/@v/list": unexpected EOF`;
    const error = `${GET}: Get "https://a.test/x/@v/list": unexpected EOF`;
    expect(statements(GET, DIAL, CONNECTED, lost, error, failed)[0]).toBe('closed-before-settings');
    expect(statements(GET, DIAL, CONNECTED, SETTINGS, lost, error, failed)[0]).toBe('closed-before-headers');
    const headers = 'http2: Transport received HEADERS flags=END_HEADERS stream=1 len=9';
    const data = 'http2: Transport received DATA stream=1 len=500';
    expect(statements(GET, DIAL, CONNECTED, SETTINGS, headers, data, lost, error, failed)[0]).toBe('closed-in-body');
  });

  it('of a server that wants less: to slow down', () => {
    const goaway = 'http2: Transport received GOAWAY len=8 LastStreamID=1 ErrCode=ENHANCE_YOUR_CALM Debug="too many"';
    const failed = 'go: a.test/x: http2: server sent GOAWAY and closed the connection';
    expect(statements(GET, DIAL, CONNECTED, SETTINGS, goaway, failed)).toEqual(['goaway-calm', 'rate-limit']);
  });
});

describe('a trace in which nothing was answered', () => {
  const failing = [GET, `${GET}: Get "https://a.test/x/@v/list": EOF`];
  it('failed, even when go says nothing', () =>
    expect(diagnose(trace(...failing))).toMatchObject({ outcome: 'failed', cause: 'eof-no-response', host: 'a.test' }));
  it('shows nothing when it holds no request', () => {
    expect(diagnose(trace(DIAL, CONNECTED, SETTINGS))).toMatchObject({ outcome: 'empty', cause: null });
    expect(statements(DIAL, CONNECTED, SETTINGS)[0]).toBe('no-requests');
  });
  it('never names an empty next entry', () => {
    const answered = ['# get https://a.test/x/@v/v1.info', '# get https://a.test/x/@v/v1.info: 200 OK (0.1s)'];
    expect(statements(...answered, ...failing)[0]).toBe('fell-back-unseen');
    const later = ['# get https://b.test/x/@v/list', '# get https://b.test/x/@v/list: 404 Not Found (0.1s)'];
    expect(diagnose(trace(...failing, ...later)).statements[0]).toMatchObject({
      key: 'fell-back',
      params: { other: 'b.test' },
    });
  });
});
