/** A trace and a capture as the page shows them: bounded, findings first, without secrets. */
import { describe, expect, it } from 'vitest';
import { labCaptures } from '../../e2e/lab/captures/catalogue.ts';
import { labChains } from '../../e2e/lab/captures/chains.ts';
import { CaptureAnalysis } from '../capture/capture.ts';
import { TraceReader } from '../trace/trace.ts';
import { captureSummary } from './capture-summary.ts';
import { traceSummary } from './trace-summary.ts';

function traced(...lines: readonly string[]) {
  const reader = new TraceReader();
  for (const [i, text] of lines.entries()) reader.add({ at: i * 10, text });
  return traceSummary(reader.end());
}

describe('a trace', () => {
  it('shows the last requests and says how many came before', () => {
    const lines = Array.from({ length: 250 }, (_, i) => `# get https://a.test/${i}: 200 OK (0.1s)`);
    const { requests, earlier, lastAt } = traced(...lines);
    expect([requests.length, earlier, requests.at(-1)?.url, lastAt]).toEqual([200, 50, 'https://a.test/249', 2_490]);
  });

  it('names each end of a connection in the protocol’s own words', () => {
    const { connections } = traced(
      'http2: Transport creating client conn 0xc0 to 203.0.113.1:443',
      'http2: Transport received RST_STREAM stream=3 len=4 ErrCode=CANCEL',
      'http2: Transport received GOAWAY len=8 LastStreamID=3 ErrCode=NO_ERROR Debug=""',
      'http2: Transport readFrame error on conn 0xc0: (*errors.errorString) EOF',
    );
    expect(connections[0]?.ends).toEqual(['GOAWAY NO_ERROR last=3', 'RST_STREAM CANCEL stream=3', 'EOF']);
  });

  it('shows no secret of a URL or an error', () => {
    const summary = traced(
      '# get https://u:s3cret@a.test/x',
      '# get https://a.test/y: Get "https://a.test/y?token=s3cret": EOF',
    );
    expect(JSON.stringify(summary)).not.toContain('s3cret');
    expect(summary.requests).toHaveLength(2);
  });
});

describe('a capture', async () => {
  const captures = labCaptures(await labChains(), Date.UTC(2026, 0, 1));
  const report = (names: readonly string[]) => {
    const analysis = new CaptureAnalysis();
    for (const name of names) {
      for (const { atMs, bytes } of captures[name]?.packets ?? [])
        analysis.addRaw({ atMs, linkType: 101, bytes, timed: true });
    }
    return analysis.report([{ key: 'too-many', packets: 7 }]);
  };

  it('puts findings before what is well, and keeps the rest in order', () => {
    const { exchanges, connections, questions, more } = captureSummary(report(Object.keys(captures)));
    const firstHealthy = exchanges.findIndex(({ isFinding }) => !isFinding);
    expect(firstHealthy).toBeGreaterThan(0);
    expect(exchanges.slice(firstHealthy).some(({ isFinding }) => isFinding)).toBe(false);
    expect(exchanges.length + more).toBe(connections + questions);
    expect(new Set(exchanges.map(({ kind }) => kind))).toEqual(new Set(['connection', 'question']));
  });

  it('says how long it lasted, what was wrong with it, and names both ends of each exchange', () => {
    const name = Object.keys(captures)[0] ?? '';
    const { seconds, problems, packets, exchanges } = captureSummary(report([name]));
    const times = captures[name]?.packets.map(({ atMs }) => atMs) ?? [];
    expect(seconds).toBeCloseTo((Math.max(...times) - Math.min(...times)) / 1_000, 0);
    expect(problems).toEqual([{ key: 'too-many', params: { packets: 7 } }]);
    expect(packets).toBe(times.length);
    for (const { client, server } of exchanges) expect([client, server].join()).toMatch(/^\S+,\S+$/);
  });

  it('without packets is empty, and lasts no time', () => {
    expect(captureSummary(report([]))).toMatchObject({ packets: 0, seconds: 0, exchanges: [], more: 0 });
  });
});
