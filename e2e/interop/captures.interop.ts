/**
 * Captures against independent tools: tshark must see in every lab capture what we see, and tcpdump's captures of real
 * connections, with real clients and the lab's faults, must get the verdict of what really happened.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { interopPart, interopPath } from '../../build/interop-parts.mjs';
import { labCaptures } from '../lab/captures/catalogue.ts';
import { labChains } from '../lab/captures/chains.ts';
import { pcapFile, pcapngFile } from '../lab/captures/container.ts';
import type { LinkName } from '../lab/captures/packets.ts';
import type { Fault, Transport } from '../lab/fault.ts';
import type { GoproxyServer } from '../lab/goproxy-server.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { FIXTURE_MODULE } from '../lab/tree.ts';
import { runToEnd } from '../run-to-end.ts';
import { until } from '../until.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);
const tshark = interopPart('tshark');
const tcpdump = interopPart('tcpdump');
const captures = labCaptures(await labChains(), Date.now());
const MODULE = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;
let folder: string;
let lab: Lab;
let caFile: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-captures-'));
  lab = await startLab();
  caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, lab.authority.ca);
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Judged {
  readonly verdict: string;
  readonly origin: string | null;
  readonly injector: string | null;
  readonly name: string | null;
  readonly server: string;
  readonly confidence: number;
  readonly clientHello: {
    bytes: number;
    alpn: string[];
    versions: string[];
    keyShares: string[];
    retransmissions: number;
  } | null;
  readonly serverHello: { version: string; keyShare: string | null } | null;
  readonly certificate: { subject: string; chainLength: number } | null;
  readonly timeline: { what: string; from: string; detail: string | null }[];
}
interface Report {
  readonly packets: number;
  readonly problems: { key: string }[];
  readonly connections: Judged[];
  readonly questions: {
    name: string;
    type: string;
    verdict: string;
    answers: { addresses: string[]; rcode: string }[];
  }[];
}

async function gopherbar(path: string, ...more: string[]): Promise<Report> {
  const tools = interopPath('tshark');
  const { stdout } = await runToEnd(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', 'capture', '--file', path, '--json', ...more],
    { cwd: root, env: { PATH: `${tools}:${process.env.PATH}`, HOME: folder, LANG: 'C' } },
  );
  return JSON.parse(stdout) as Report;
}

/** What tshark's own dissectors print, a list of values for each field. */
async function dissected(path: string, filter: string, fields: readonly string[]): Promise<string[][]> {
  const { stdout } = await run(
    tshark.file,
    [
      '-n',
      '-r',
      path,
      '-o',
      'tcp.reassemble_out_of_order:TRUE',
      '-Y',
      filter,
      '-T',
      'fields',
      '-E',
      'separator=/t',
      ...fields.flatMap((field) => ['-e', field]),
    ],
    { env: { ...tshark.env, HOME: folder, WIRESHARK_CONFIG_DIR: folder } },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}

/** Times differ by what a double loses on two ways; all else must be the same. */
function withoutTimes(report: Report): unknown {
  return JSON.parse(
    JSON.stringify(report, (key, value) =>
      /^(?:atMs|durationMs|beganAt|endedAt|askedAt|decoder|ms)$/.test(key) ? undefined : value,
    ),
    (key, value) => (key === 'text' ? undefined : value),
  );
}

const LINKS: readonly LinkName[] = ['ethernet', 'raw', 'null', 'loop', 'sll', 'sll2'];

describe('tshark', () => {
  it.each(Object.keys(captures))('gives the same report: %s', async (name) => {
    const packets = captures[name]?.packets ?? [];
    const index = Object.keys(captures).indexOf(name);
    const path = join(folder, `${index}.pcap`);
    const link = LINKS[index % LINKS.length] ?? 'ethernet';
    writeFileSync(
      path,
      index % 2 === 0 ? pcapFile(packets, { link }) : pcapngFile(packets, { links: [link], resolution: 9 }),
    );
    const [ours, theirs] = await Promise.all([gopherbar(path), gopherbar(path, '--tshark')]);
    expect(withoutTimes(theirs)).toEqual(withoutTimes(ours));
    await expectSameHandshakes(path, ours);
    await expectSameAnswers(path, ours);
  });
});

/** Its dissectors against ours: who was greeted with what, and what came back. */
async function expectSameHandshakes(path: string, report: Report): Promise<void> {
  // Segments that arrive twice or in disorder are put together in other ways; the first ClientHello of each connection counts.
  const hellos = await dissected(path, 'tls.handshake.type == 1', [
    'tcp.stream',
    'tls.handshake.extensions_server_name',
    'tls.handshake.extensions_alpn_str',
    'tls.handshake.extensions_key_share_group',
  ]);
  const first = [...new Map([...hellos].reverse().map((row) => [row[0], row])).values()].reverse();
  const seen = report.connections.filter(({ clientHello }) => clientHello !== null);
  expect(first.map(([, name, alpn]) => [name, alpn])).toEqual(
    seen.map(({ name, clientHello }) => [name ?? '', clientHello?.alpn.join(',')]),
  );
  const GROUPS: Record<string, string> = { '29': 'X25519', '4588': 'X25519MLKEM768', '23': 'P-256' };
  for (const [index, [, , , groups = '']] of first.entries()) {
    const named = groups
      .split(',')
      .filter((group) => group !== '')
      .map((group) => GROUPS[String(Number(group))]);
    expect(seen[index]?.clientHello?.keyShares).toEqual(named);
  }
  const alerts = await dissected(path, 'tls.alert_message.desc', ['tls.alert_message.desc']);
  const shownAlerts = report.connections.flatMap(({ timeline }) => timeline.filter(({ what }) => what === 'alert'));
  expect(shownAlerts).toHaveLength(alerts.length);
}

async function expectSameAnswers(path: string, report: Report): Promise<void> {
  const answers = await dissected(path, 'dns.flags.response == 1', ['dns.qry.name', 'dns.a', 'dns.aaaa']);
  const ours = report.questions.flatMap(({ name, answers: all }) =>
    all.map(({ addresses }) => [name, addresses.join(',')]),
  );
  expect(answers.map(([name, a = '', aaaa = '']) => [name, a + aaaa])).toEqual(ours);
}

/** tcpdump on the loopback interface while something happens. */
async function captured(port: number, act: () => Promise<unknown>, interfaceName = 'lo'): Promise<Report> {
  const path = join(folder, `real-${port}-${Date.now()}.pcap`);
  const child = spawn(
    tcpdump.file,
    ['-i', interfaceName, '-w', path, '-U', '--immediate-mode', '-s', '0', '-Z', 'root', `tcp port ${port}`],
    { env: { ...tcpdump.env }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  await until('tcpdump to listen', async () => {
    if (child.exitCode !== null) throw new Error(`tcpdump ended: ${said}`);
    return said.includes('listening on');
  });
  await act();
  // What the client began must be closed on the wire before the capture ends.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await stop(child);
  return gopherbar(path);
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGINT');
  await once(child, 'exit');
}

/** `gopherbar probe` with Node's TLS; its own end does not matter here. */
function probe({ port }: GoproxyServer, transport: Transport, ca: string): Promise<unknown> {
  const scheme = transport === 'http' ? 'http' : 'https';
  const args = [
    'probe',
    `${scheme}://real.lab:${port}`,
    '--light',
    '--resolve',
    `real.lab:${port}:127.0.0.1`,
    '--module',
    MODULE,
  ];
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', ...args, '--ca', ca], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: folder, LANG: 'C' },
  }).catch(() => {});
}

const REAL: readonly [
  name: string,
  fault: Fault | null,
  transport: Transport,
  verdict: string,
  origin: string | null,
][] = [
  ['nothing', null, 'h2', 'healthy', null],
  ['nothing, HTTP/1.1', null, 'h1', 'healthy', null],
  ['nothing, plain HTTP', null, 'http', 'healthy', null],
  ['a closed port', { type: 'refuse' }, 'h2', 'rst-on-connect', 'unclear'],
  ['EOF at accept', { type: 'drop-at-accept', how: 'fin' }, 'h2', 'eof', null],
  ['a reset at the ClientHello', { type: 'drop-at-accept', how: 'reset' }, 'h2', 'rst-after-client-hello', 'genuine'],
  ['a reset by name', { type: 'reset-name', name: 'real.lab' }, 'h2', 'rst-after-client-hello', 'genuine'],
  ['a reset of a plain request', { type: 'drop-request', how: 'reset' }, 'http', 'rst-after-request', 'genuine'],
  ['silence', { type: 'silent-at-accept' }, 'h2', 'no-answer', null],
  ['a swallowed ClientHello', { type: 'swallow-large-hello', bytes: 200 }, 'h2', 'no-answer', null],
  ['no TLS', { type: 'say-at-accept', bytes: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, 'h2', 'not-tls', null],
  ['a slow handshake', { type: 'delay-tls', ms: 1_600 }, 'h2', 'slow-server', null],
  ['old TLS', { type: 'old-tls' }, 'h2', 'alert', null],
  ['an alert', { type: 'tls-alert' }, 'h2', 'alert', null],
  ['an untrusted certificate', { type: 'certificate', kind: 'untrusted' }, 'h2', 'untrusted-certificate', null],
  ['EOF after the request', { type: 'drop-request', how: 'fin' }, 'h1', 'eof', null],
  ['EOF after a plain request', { type: 'drop-request', how: 'fin' }, 'http', 'eof', null],
  ['a reset in the middle of the body', { type: 'drop-body', how: 'reset' }, 'h1', 'rst-later', 'genuine'],
  ['slow headers', { type: 'delay-headers', ms: 2_600 }, 'h1', 'slow-server', null],
  ['slow headers, plain', { type: 'delay-headers', ms: 2_600 }, 'http', 'slow-server', null],
];

describe('tcpdump of real connections', () => {
  it.each(REAL)('%s', async (_, fault, transport, verdict, origin) => {
    const server = await lab.proxy({ host: 'real.lab', transport });
    const { port } = server;
    await server.setFault(fault);
    const { connections, problems } = await captured(port, () => probe(server, transport, caFile));
    expect(problems).toEqual([]);
    expect(connections.length).toBeGreaterThan(0);
    expect(connections[0]).toMatchObject({ verdict, origin, injector: null });
  });

  it('on all interfaces at once, where loopback packets are seen twice', async () => {
    const server = await lab.proxy({ host: 'real.lab', transport: 'h2' });
    const { connections } = await captured(server.port, () => probe(server, 'h2', caFile), 'any');
    expect(connections.map(({ verdict }) => verdict)).toEqual(connections.map(() => 'healthy'));
    expect(connections[0]).toMatchObject({ retransmissions: 0, name: 'real.lab' });
  });

  it.each(goToolchains())(
    'of $version: its ClientHello, and how it refuses a certificate',
    async ({ path, version }) => {
      const server = await lab.proxy({ host: 'localhost', transport: 'h2' });
      const download = (ca: string) =>
        run(path, ['mod', 'download', MODULE], {
          cwd: folder,
          env: {
            PATH: process.env.PATH,
            HOME: folder,
            GOTOOLCHAIN: 'local',
            GOFLAGS: '-modcacherw',
            GOSUMDB: 'off',
            GOMODCACHE: mkdtempSync(join(folder, 'modcache-')),
            GOPROXY: `https://localhost:${server.port}`,
            SSL_CERT_FILE: ca,
          },
        }).catch(() => {});
      const good = await captured(server.port, () => download(caFile));
      expect(good.connections.at(-1)).toMatchObject({
        verdict: 'healthy',
        name: 'localhost',
        serverHello: { version: 'TLS 1.3' },
      });
      const hello = good.connections.at(-1)?.clientHello;
      expect(hello).toMatchObject({ alpn: ['h2', 'http/1.1'] });
      // crypto/tls sends ML-KEM since 1.24 (release notes).
      const hasMlKem = Number(/^go1\.(\d+)/.exec(version)?.[1]) >= 24;
      expect(hello?.keyShares.includes('X25519MLKEM768')).toBe(hasMlKem);
      expect((hello?.bytes ?? 0) > 1_200).toBe(hasMlKem);
      await server.setFault({ type: 'certificate', kind: 'untrusted' });
      const bad = await captured(server.port, () => download(caFile));
      expect(bad.connections.at(-1)).toMatchObject({ verdict: 'untrusted-certificate' });
    },
  );
});
