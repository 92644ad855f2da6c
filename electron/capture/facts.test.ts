import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { labCaptures } from '../../e2e/lab/captures/catalogue.ts';
import { labChains } from '../../e2e/lab/captures/chains.ts';
import { pcapFile, pcapngFile } from '../../e2e/lab/captures/container.ts';
import { Conversation } from '../../e2e/lab/captures/conversation.ts';
import type { Packet } from '../../e2e/lab/captures/packets.ts';
import {
  changeCipherSpec,
  clientHello,
  encrypted,
  refragmented,
  serverHello13,
} from '../../e2e/lab/captures/tls-bytes.ts';
import type { Command, CommandOutcome, ProcessRunner } from '../system/process-runner.ts';
import { analyseCapture, CaptureAnalysis, type JudgedConnection } from './capture.ts';
import { analyseWithTshark } from './tshark.ts';

/** A tshark that always ends the same way. */
class FakeRunner implements ProcessRunner {
  readonly commands: Command[] = [];
  readonly #outcome: CommandOutcome;

  constructor(outcome: CommandOutcome) {
    this.#outcome = outcome;
  }

  async run(command: Command): Promise<CommandOutcome> {
    this.commands.push(command);
    return this.#outcome;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-capture-facts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const captures = labCaptures(await labChains(), Date.now());

function analyse(packets: readonly Packet[]) {
  const analysis = new CaptureAnalysis();
  for (const { atMs, bytes } of packets) analysis.addRaw({ atMs, linkType: 101, bytes, timed: true });
  return analysis.report([]);
}

function only(packets: readonly Packet[]): JudgedConnection {
  const last = analyse(packets).connections.at(-1);
  if (last === undefined) throw new Error('no connection');
  return last;
}

const named = (name: string) => {
  const capture = captures[name];
  if (capture === undefined) throw new Error(name);
  return capture.packets;
};
const keys = ({ verdict }: JudgedConnection) => verdict.evidence.map(({ key }) => key);

describe('a ClientHello', () => {
  it('tells its name, protocols, versions, key shares and size, without GREASE', () => {
    const hello = clientHello();
    const { facts } = only(new Conversation().connect().say('client', hello).packets);
    expect(facts.clientHello).toMatchObject({
      bytes: hello.length,
      hello: {
        serverName: 'proxy.golang.org',
        alpn: ['h2', 'http/1.1'],
        versions: ['TLS 1.3', 'TLS 1.2'],
        keyShares: ['X25519MLKEM768', 'X25519'],
      },
    });
  });

  it('without name, key share and new versions is one, too', () => {
    const hello = clientHello({ serverName: null, versions: [0x03_03], alpn: [] });
    expect(only(new Conversation().connect().say('client', hello).packets).facts.clientHello?.hello).toEqual({
      bytes: hello.length,
      serverName: null,
      alpn: [],
      versions: ['TLS 1.2'],
      keyShares: [],
    });
  });

  it('spread over many records counts their headers', () => {
    const spread = refragmented(clientHello(), 64);
    const { facts } = only(new Conversation().connect().say('client', spread).packets);
    expect(facts.clientHello).toMatchObject({ bytes: spread.length, hello: { serverName: 'proxy.golang.org' } });
  });

  it('of which the capture kept only the beginning is still known by size', async () => {
    const hello = clientHello();
    const conversation = new Conversation().connect().say('client', hello);
    for (const ms of [300, 600, 1_200]) conversation.wait(ms).sayAgain('client', hello);
    const path = join(folder, 'short.pcap');
    writeFileSync(path, pcapFile(conversation.packets, { snapLength: 96 }));
    const [connection] = (await analyseCapture(path)).connections;
    expect(connection?.facts.clientHello).toMatchObject({ bytes: hello.length, hello: null });
    expect(connection?.verdict.id).toBe('large-client-hello-dropped');
  });
});

describe('the time line', () => {
  it('says who did what when, after how many bytes', () => {
    const { facts } = only(named('injector henan, and the server still answers'));
    expect(facts.timeline.map(({ from, what }) => `${from} ${what}`)).toEqual([
      ...[
        'client syn',
        'server syn-ack',
        'client client-hello',
        'server rst',
        'server first-data',
        'server server-hello',
      ],
    ]);
    const bytes = facts.clientHello?.bytes;
    expect(facts.timeline[3]).toMatchObject({ clientBytes: bytes, serverBytes: 0, detail: 'TTL 58' });
    expect(facts.timeline[1]?.atMs).toBeCloseTo(20.05, 1);
    expect(facts.resets).toMatchObject([
      { ttl: 58, id: 1, dontFragment: false, withAck: true, offset: 0, payload: '01020304050607080900' },
    ]);
  });

  it('keeps its end however often something was repeated', () => {
    const hello = clientHello();
    const conversation = new Conversation().connect().say('client', hello);
    for (let times = 0; times < 200; times++) conversation.wait(10).sayAgain('client', hello);
    const { facts } = only(conversation.reset('server').packets);
    expect(facts.timeline.at(-1)?.what).toBe('rst');
    expect(facts.clientHello?.retransmissions).toBe(400);
  });

  it('of a reused pair of ports starts a new connection', () => {
    const first = new Conversation().connect().fin('client').fin('server');
    const again = new Conversation({ beginMs: first.atMs + 5_000 });
    // Another initial sequence number makes it another connection.
    again.forge('client', { flags: 'S', ttl: 64, id: 1, dontFragment: true, ahead: 77 });
    const { connections } = analyse([...first.packets, ...again.packets]);
    expect(connections).toHaveLength(2);
    expect(connections[1]?.facts).toMatchObject({ synTries: 1, synAckAtMs: null });
  });
});

describe('evidence', () => {
  it('of a near miss names the field that does not fit', () => {
    const field = (name: string) =>
      only(named(name)).verdict.evidence.find(({ key }) => key === 'injector-near')?.params;
    expect(field('near henan: payload with other flags')).toEqual({ injector: 'henan', field: 'flags' });
    expect(field('near gfw-3: identification 0x9915')).toEqual({ injector: 'gfw-3', field: 'identification' });
    expect(field('near gfw-3: TTL 247')).toEqual({ injector: 'gfw-3', field: 'ttl' });
    expect(field('near gfw-2: two resets')).toEqual({ injector: 'gfw-2', field: 'count' });
    expect(field('near 2025-08-20: windows alike')).toEqual({ injector: 'gfw-2025-08-443', field: 'window' });
    expect(field('a server’s own reset after the ClientHello')).toBeUndefined();
  });

  it('of a reset says how its TTL compares', () => {
    expect(keys(only(named('injector gfw-1')))).toEqual([
      'hello',
      'hello-post-quantum',
      'injector-match',
      'reset',
      'ttl-differs',
    ]);
    expect(keys(only(named('a server’s own reset after the ClientHello')))).toContain('ttl-same');
  });

  it('makes a full match surer when the server went on talking', () => {
    const alone = only(named('injector henan')).verdict.confidence;
    const talking = only(named('injector henan, and the server still answers')).verdict.confidence;
    expect(talking).toBeGreaterThan(alone);
  });

  it('of a dropped large ClientHello weighs what else got through', () => {
    const sure = only(named('a large ClientHello is dropped, a small one is answered'));
    const usual = only(named('a large ClientHello is dropped'));
    expect(keys(sure)).toContain('smaller-answered');
    expect(sure.verdict.confidence).toBeGreaterThan(usual.verdict.confidence);
    const dropped = named('a large ClientHello is dropped');
    const good = new Conversation({ clientPort: 50_002 }).connect().say('client', clientHello()).wait(20);
    good
      .say('server', Buffer.concat([serverHello13(), changeCipherSpec(), encrypted(900)]))
      .say('client', encrypted(53));
    const doubtful = only([...good.packets, ...dropped]);
    expect(keys(doubtful)).toContain('larger-answered');
    expect(doubtful.verdict.confidence).toBeLessThan(usual.verdict.confidence);
  });

  it('of a certificate names what is wrong with it', () => {
    expect(keys(only(named('an expired certificate')))).toEqual([
      'alert-client',
      'certificate-expired',
      'certificate-issuer',
    ]);
    expect(keys(only(named('a certificate for another host, and no word said')))).toContain('certificate-name');
    const { certificate } = only(named('healthy, TLS 1.2')).facts;
    expect(certificate).toMatchObject({
      subject: 'CN=proxy.golang.org',
      fitsName: true,
      selfSigned: false,
      chainLength: 2,
    });
  });

  it('shows no credentials of a request', () => {
    const request =
      'GET http://me:s3cret@proxy.corp/x?token=abc HTTP/1.1\r\nHost: proxy.corp\r\nAuthorization: Basic eA==\r\n\r\n';
    const { facts } = only(new Conversation({ serverPort: 80 }).connect().say('client', Buffer.from(request)).packets);
    expect(facts.request).toMatchObject({ method: 'GET', target: 'http://proxy.corp/x?...', host: 'proxy.corp' });
  });

  it('names what SOCKS was asked for, and never the password', () => {
    const connection = only(named('a SOCKS proxy refuses'));
    expect(connection.facts.request).toMatchObject({ method: 'SOCKS', target: 'proxy.golang.org:443' });
    expect(connection.verdict.evidence).toEqual([
      { key: 'proxy-answer', params: { status: 5, target: 'proxy.golang.org:443' } },
    ]);
    expect(JSON.stringify(connection)).not.toMatch(/s3cret/);
    expect(only(named('healthy, through a SOCKS proxy')).facts.clientHello?.hello?.serverName).toBe('proxy.golang.org');
  });

  it('holds nothing that a terminal would obey', () => {
    const request = 'GET /\x1b[2J\x07 HTTP/1.1\r\nHost: a\r\n\r\n';
    const report = analyse(new Conversation({ serverPort: 80 }).connect().say('client', Buffer.from(request)).packets);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(JSON.stringify(report)).not.toMatch(/\\u001b|\\u0007|[\x00-\x1f]/);
  });
});

describe('reading', () => {
  it('can be stopped in the middle and tells what it has until then', async () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      new Conversation({ clientPort: 10_000 + index }).connect().say('client', clientHello()),
    );
    const path = join(folder, 'many.pcap');
    writeFileSync(path, pcapFile(many.flatMap(({ packets }) => packets)));
    const stop = new AbortController();
    const report = await analyseCapture(path, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(report.problems).toEqual([{ key: 'cancelled', offset: 256 * 1_024 }]);
    expect(report.connections.length).toBeGreaterThan(100);
    expect(report.connections.length).toBeLessThan(400);
  });

  it('goes on behind a pcapng block that contradicts itself, and names it', async () => {
    const { packets } = new Conversation().connect();
    const whole = pcapngFile(packets, { links: ['raw'] });
    const first = whole.indexOf(Buffer.from([6, 0, 0, 0]));
    whole.writeUInt32LE(99, first + 8);
    const path = join(folder, 'damaged.pcapng');
    writeFileSync(path, whole);
    const report = await analyseCapture(path);
    expect(report).toMatchObject({ packets: 2, problems: [{ key: 'corrupt', offset: first }] });
  });

  it('counts what it cannot follow', () => {
    const analysis = new CaptureAnalysis();
    const add = (linkType: number, bytes: Uint8Array) => analysis.addRaw({ atMs: 1, linkType, bytes, timed: false });
    add(127, Buffer.alloc(80));
    add(127, Buffer.alloc(80));
    add(101, Buffer.from([0x45, 0]));
    expect(analysis.report([]).problems).toEqual([
      { key: 'unknown-link-type', linkType: 127, packets: 2 },
      { key: 'undecodable-packets', packets: 1 },
      { key: 'no-time-stamps', packets: 3 },
    ]);
  });
});

describe('tshark as the decoder', () => {
  const LINE =
    '1772352000.5\t192.0.2.1\t192.0.2.2\t64\t0x0001\t1\t0\t\t\t\t5000\t443\t7\t0\t0x0002\t64240\t0\t\t\t\t\t\t\n';

  it('is asked with fixed arguments and an environment of its own', async () => {
    const runner = new FakeRunner({ ended: 'exited', exitCode: 0, stdout: LINE, stderr: '' });
    const report = await analyseWithTshark('some file.pcap', { runner, path: '/opt/tools' });
    expect(report).toMatchObject({
      packets: 1,
      problems: [],
      connections: [{ facts: { client: '192.0.2.1:5000', synTries: 1 } }],
    });
    const [command] = runner.commands;
    expect(command?.args.slice(0, 2)).toEqual(['-n', '-r']);
    expect(command?.args[2]).toMatch(/^\/.*\/some file\.pcap$/);
    expect(command?.env.PATH).toMatch(/^\/opt\/tools:/);
    expect(command?.env.WIRESHARK_CONFIG_DIR).toBe('/nonexistent');
  });

  it.each([
    [{ ended: 'not-started', code: 'ENOENT', message: '' }, { key: 'tshark-missing' }],
    [
      { ended: 'not-started', code: 'EACCES', message: '' },
      { key: 'tshark-failed', detail: 'EACCES' },
    ],
    [
      { ended: 'killed', by: 'timeout', signalName: 'SIGKILL', stdout: LINE, stderr: '' },
      { key: 'tshark-failed', detail: 'timeout' },
    ],
    [
      { ended: 'killed', by: 'cancel', signalName: 'SIGKILL', stdout: '', stderr: '' },
      { key: 'cancelled', offset: 0 },
    ],
    [
      { ended: 'exited', exitCode: 2, stdout: LINE, stderr: 'a\ncut \x1b[1mshort\n' },
      { key: 'tshark-failed', detail: 'cut ?[1mshort' },
    ],
  ] as const)('%j is a problem and no exception', async (outcome, problem) => {
    const report = await analyseWithTshark('f', { runner: new FakeRunner(outcome), path: '' });
    expect(report.problems).toEqual([problem]);
  });
});
