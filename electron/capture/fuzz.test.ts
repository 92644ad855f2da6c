import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { labCaptures } from '../../e2e/lab/captures/catalogue.ts';
import { labChains } from '../../e2e/lab/captures/chains.ts';
import { pcapFile, pcapngFile } from '../../e2e/lab/captures/container.ts';
import { frame, LINK, type LinkName, tcpPacket } from '../../e2e/lab/captures/packets.ts';
import { analyseCapture, CaptureAnalysis, type CaptureReport } from './capture.ts';
import { parseClientHello, parseServerHello } from './hello.ts';
import { StreamParser } from './stream-parser.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-capture-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function analyse(bytes: Uint8Array): Promise<CaptureReport> {
  const path = join(folder, `${files++ % 8}`);
  writeFileSync(path, bytes);
  return analyseCapture(path);
}

const captures = Object.values(labCaptures(await labChains(), Date.now()));
const wholeFiles = captures.flatMap(({ packets }, index) =>
  index % 3 === 0 ? [pcapFile(packets), pcapngFile(packets, { links: ['ethernet', 'sll2'] })] : [],
);

/** Bytes overwritten, cut out, doubled or cut off at the end. */
const damage = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    how: fc.constantFrom('set', 'cut', 'insert', 'end'),
  }),
  { minLength: 1, maxLength: 6 },
);

function damaged(whole: Buffer, wounds: readonly { at: number; bytes: Uint8Array; how: string }[]): Buffer {
  return wounds.reduce((bytes, { at, bytes: fresh, how }) => {
    const offset = Math.floor(at * bytes.length);
    if (how === 'end') return bytes.subarray(0, offset);
    const rest = bytes.subarray(how === 'insert' ? offset : offset + fresh.length);
    return Buffer.concat([bytes.subarray(0, offset), how === 'cut' ? Buffer.alloc(0) : fresh, rest]);
  }, whole);
}

function isSound({ packets, connections, questions, problems }: CaptureReport): void {
  expect(packets).toBeGreaterThanOrEqual(0);
  expect(problems.length).toBeLessThan(64);
  // An exception on the way would be reported as an unreadable file.
  expect(problems.map(({ key }) => key)).not.toContain('unreadable');
  for (const { verdict, facts } of connections) {
    expect(verdict.confidence).toBeGreaterThan(0);
    expect(verdict.confidence).toBeLessThanOrEqual(1);
    expect(facts.timeline.length).toBeLessThanOrEqual(64);
    if (verdict.injector !== null) expect(verdict.origin).toBe('injected');
  }
  for (const { answers } of questions) expect(answers.length).toBeLessThanOrEqual(8);
}

describe('whatever the bytes are, there is a report', () => {
  it('of files of random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('', 'd4c3b2a1', 'a1b23c4d', '0a0d0d0a'),
        async (bytes, magic) => {
          isSound(await analyse(Buffer.concat([Buffer.from(magic, 'hex'), bytes])));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of captures that were damaged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...wholeFiles), damage, async (whole, wounds) => {
        isSound(await analyse(damaged(whole, wounds)));
      }),
      { numRuns: 400 },
    );
  });

  it('of random frames of every link type', () => {
    const links = fc.constantFrom(...Object.values(LINK), 12, 113, 229, 999);
    fc.assert(
      fc.property(fc.array(fc.tuple(links, fc.uint8Array({ maxLength: 120 })), { maxLength: 20 }), (frames) => {
        const analysis = new CaptureAnalysis();
        for (const [linkType, bytes] of frames) analysis.addRaw({ atMs: 1, linkType, bytes, timed: true });
        isSound(analysis.report([]));
      }),
      { numRuns: 500 },
    );
  });

  it('of random segments of one connection', () => {
    const segment = fc.record({
      sequence: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.nat(0xff_ff_ff_ff)),
      acknowledged: fc.nat(60),
      flags: fc.constantFrom('S', 'SA', 'A', 'PA', 'FA', 'R', 'RA', 'SF', ''),
      payload: fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc.constantFrom(
          ...['160301000501', '15030300020228', '17030300130102', '434f4e4e454354'].map((hex) =>
            Buffer.from(hex, 'hex'),
          ),
        ),
      ),
      isBack: fc.boolean(),
      atMs: fc.integer({ min: -5, max: 5_000 }),
    });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 40 }), (segments) => {
        const analysis = new CaptureAnalysis();
        for (const { isBack, atMs, ...tcp } of segments) {
          const [source, target] = isBack ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.2', '192.0.2.1'];
          const [sourcePort, targetPort] = isBack ? [443, 5_000] : [5_000, 443];
          const bytes = tcpPacket({ source, target, ttl: 64 }, { sourcePort, targetPort, ...tcp });
          analysis.addRaw({ atMs, linkType: 101, bytes, timed: true });
        }
        isSound(analysis.report([]));
      }),
      { numRuns: 500 },
    );
  });

  it('of random handshake messages: what is shown is fit to be shown', () => {
    const shown = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }).map(asHelloBody));
    fc.assert(
      fc.property(shown, (body) => {
        const hello = parseClientHello(body, body.length);
        const texts = [...(hello?.alpn ?? []), ...(hello?.versions ?? []), ...(hello?.keyShares ?? [])];
        expect(hello?.serverName ?? 'a.example').toMatch(/^[\w.:-]{1,255}$/);
        for (const text of texts) expect(text).toMatch(/^[\x20-\x7e]+$/);
        expect(parseServerHello(body)?.version ?? 'TLS 1.3').toMatch(/^(?:TLS 1\.[0-3]|SSL 3\.0|0x[0-9a-f]{4})$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Random extensions behind a whole beginning, so that they are looked at. */
function asHelloBody(extensions: Uint8Array): Uint8Array {
  const head = Buffer.alloc(34 + 1 + 4 + 2);
  head.writeUInt16BE(0x03_03, 0);
  head.writeUInt16BE(2, 35);
  head[39] = 1;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(extensions.length);
  return Buffer.concat([head, length, extensions]);
}

describe('what a file is cut into does not matter', () => {
  it('one connection says the same in whatever pieces it arrives', () => {
    const capture = captures.find(({ expected }) => expected.verdict === 'untrusted-certificate');
    const bytes = Buffer.concat((capture?.packets ?? []).map((packet) => packet.bytes.subarray(40)));
    const context = { serverName: null, isTunnel: false };
    const whole = new StreamParser('client', null).push(bytes, context);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 30 }), (cuts) => {
        const reader = new StreamParser('client', null);
        const edges = [0, ...cuts, bytes.length].sort((a, b) => a - b);
        const said = edges.slice(1).flatMap((to, index) => reader.push(bytes.subarray(edges[index], to), context));
        expect(said).toEqual(whole);
      }),
    );
  });

  it.each(Object.keys(LINK) as LinkName[])('the verdicts are the same on link type %s', async (link) => {
    for (const { packets, expected } of captures) {
      const analysis = new CaptureAnalysis();
      for (const { atMs, bytes } of packets)
        analysis.addRaw({ atMs, linkType: LINK[link], bytes: frame(link, bytes), timed: true });
      const { connections, questions } = analysis.report([]);
      expect(connections.at(-1)?.verdict.id ?? questions[0]?.verdict.id).toBe(expected.verdict);
    }
  });
});

describe('memory is bounded', () => {
  it('a flood of connections is followed up to a number and counted beyond it', () => {
    const analysis = new CaptureAnalysis();
    const end = { source: '192.0.2.1', target: '192.0.2.2', ttl: 64 };
    for (let port = 0; port < 12_000; port++) {
      const bytes = tcpPacket(end, { sourcePort: 1_024 + port, targetPort: 443, sequence: port, flags: 'S' });
      analysis.addRaw({ atMs: port, linkType: 101, bytes, timed: true });
    }
    const { connections, problems } = analysis.report([]);
    expect(connections).toHaveLength(10_000);
    expect(problems).toEqual([{ key: 'too-many', packets: 2_000 }]);
  });

  it('a hundred thousand segments that wait for a missing one are not all kept', () => {
    const analysis = new CaptureAnalysis();
    const end = { source: '192.0.2.1', target: '192.0.2.2', ttl: 64 };
    const opening = tcpPacket(end, { sourcePort: 5_000, targetPort: 443, sequence: 0, flags: 'S' });
    analysis.addRaw({ atMs: 0, linkType: 101, bytes: opening, timed: true });
    for (let index = 1; index <= 100_000; index++) {
      const tcp = { sourcePort: 5_000, targetPort: 443, sequence: 2 * index, flags: 'A', payload: Buffer.from([1]) };
      analysis.addRaw({ atMs: index, linkType: 101, bytes: tcpPacket(end, tcp), timed: true });
    }
    const [only] = analysis.report([]).connections;
    expect(only?.facts.clientSide.bytes).toBe(200_000);
    expect(only?.facts.timeline.length).toBeLessThanOrEqual(64);
  });
});
