/**
 * Worlds for the doctor, played inside a namespace: names, port 443 and resolvers are ours, so that the real `go` and the
 * command meet them as they would meet the internet. Each world is asked twice: is the verdict right, and does the real
 * `go mod download` succeed once the doctor's fix was applied?
 *
 *   node e2e/lab/doctor-worlds.ts GO HOME WORLD   → one line of JSON
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { LabAuthority } from './certificates.ts';
import { DnsServer } from './dns-server.ts';
import type { Fault } from './fault.ts';
import { GoproxyServer } from './goproxy-server.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from './tree.ts';

const [go = '', home = '', worldName = ''] = process.argv.slice(2);
const root = join(import.meta.dirname, '..', '..');
const MODULE = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;
const EOF: Fault = { type: 'drop-request', how: 'fin' };

interface Fix {
  readonly key: string;
  readonly commands: readonly string[];
  readonly profileId?: string;
}

interface Setup {
  readonly goproxy?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What doctor is asked. */
  readonly target?: string;
  /** The fix to apply, and how it is done where a person has to do it by hand. */
  readonly fix?: string;
  readonly byHand?: () => Promise<Readonly<Record<string, string>>>;
}

const authority = await LabAuthority.create();
const hosts = ['one.lab', 'two.lab', 'three.lab'] as const;
const lying = await DnsServer.start({ address: '127.0.0.53', port: 53 });
const honest = await DnsServer.start({ address: '127.0.0.54', port: 53 });
const proxies = await Promise.all(
  hosts.map((host, i) =>
    GoproxyServer.start({ transport: 'h2', hosts: [host], authority, address: `127.0.0.${11 + i}`, port: 443 }),
  ),
);
const [one] = proxies as [GoproxyServer, GoproxyServer, GoproxyServer];
for (const [i, host] of hosts.entries()) {
  for (const dns of [lying, honest]) dns.names.set(host, [`127.0.0.${11 + i}`]);
}
const all = (fault: Fault | null) => Promise.all(proxies.map((proxy) => proxy.setFault(fault)));
const caFile = join(home, 'ca.pem');
writeFileSync(caFile, authority.ca);

const WORLDS: Readonly<Record<string, () => Promise<Setup>>> = {
  healthy: async () => ({}),
  'dns-lie': async () => {
    lying.names.set('one.lab', ['127.0.0.99']);
    return { fix: 'use-profile' };
  },
  'dns-denied': async () => {
    lying.names.delete('one.lab');
    return { fix: 'use-profile' };
  },
  interception: async () => {
    await all({ type: 'certificate', kind: 'untrusted' });
    const { cert } = await authority.leaf('untrusted', hosts);
    const bundle = join(home, 'company-ca.pem');
    // The chain ends with its root.
    writeFileSync(bundle, cert.slice(cert.lastIndexOf('-----BEGIN')));
    return { fix: 'trust-authority', byHand: async () => ({ SSL_CERT_FILE: bundle }) };
  },
  'sni-reset': async () => {
    await one.setFault({ type: 'reset-name', name: 'one.lab' });
    return { fix: 'use-profile' };
  },
  'captive-portal': async () => {
    await all({ type: 'redirect', to: 'login' });
    return {
      fix: 'sign-in',
      byHand: async () => {
        await all(null);
        return {};
      },
    };
  },
  'dead-forward-proxy': async () => ({ env: { HTTPS_PROXY: 'http://127.0.0.1:9' }, fix: 'unset-proxy' }),
  'ipv6-black-hole': async () => {
    const hole = net.createServer(() => {}).listen(443, '::1');
    lying.names.set('one.lab', ['::1', '127.0.0.11']);
    return {
      fix: 'prefer-ipv4',
      byHand: async () => {
        hole.close();
        lying.names.set('one.lab', ['127.0.0.11']);
        return {};
      },
    };
  },
  'sumdb-down': async () => {
    await one.setFault({ type: 'no-sumdb-relay' });
    return { fix: 'use-profile' };
  },
  misconfigured: async () => ({ goproxy: 'https://one.lab;https://two.lab', fix: 'settings' }),
  'comma-after-eof': async () => {
    await one.setFault(EOF);
    return { goproxy: 'https://one.lab,https://two.lab,https://three.lab', fix: 'pipe-list' };
  },
  'large-hello': async () => {
    await all({ type: 'swallow-large-hello', bytes: 1_400 });
    return { fix: 'small-hello' };
  },
  'private-leak': async () => ({ target: MODULE, fix: 'settings' }),
};

const setup = (await WORLDS[worldName]?.()) ?? {};
const env: Record<string, string | undefined> = {
  PATH: process.env.PATH,
  HOME: home,
  GOENV: join(home, 'goenv'),
  GOTOOLCHAIN: 'local',
  LANG: 'C',
  SSL_CERT_FILE: caFile,
  ...setup.env,
};
writeFileSync(join(home, 'goenv'), `GOPROXY=${setup.goproxy ?? 'https://one.lab'}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
const folder = join(home, '.local', 'share', 'gopherbar');
mkdirSync(folder, { recursive: true });
const limits = { dialMs: 800, tlsMs: 800, headerMs: 800, totalMs: 2_500 };
writeFileSync(
  join(folder, 'settings.json'),
  JSON.stringify({
    endpoints: hosts.map((host) => ({ id: host, url: `https://${host}`, module: FIXTURE_MODULE, key: FIXTURE_SUMDB })),
    builtInProfiles: false,
    profiles: [
      { id: 'second', name: 'Second', variables: { GOPROXY: 'https://two.lab' } },
      { id: 'third', name: 'Third', variables: { GOPROXY: 'https://three.lab' } },
    ],
    doctor: { resolvers: ['udp://127.0.0.54'] },
    limits: { hard: limits },
    trust: { extraCa: [caFile] },
    go: { path: go },
  }),
);

const doctor = await run(
  [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    'electron/cli/main.ts',
    'doctor',
    '--json',
    '--unredacted',
    ...(setup.target === undefined ? [] : [setup.target]),
  ],
  env,
);
const before = await download(env);
const report = parsed(doctor.output);
const fix = (report?.fixes as readonly Fix[] | undefined)?.find(({ key }) => key === setup.fix);
let after: Awaited<ReturnType<typeof run>> | null = null;
for (const proxy of proxies) proxy.requests.length = 0;
if (fix !== undefined) after = await download({ ...env, ...(await applied(fix)) });
const asked = proxies.flatMap(({ requests }) => requests.map(({ path }) => path));
process.stdout.write(
  `${JSON.stringify({ exitCode: doctor.exitCode, report, output: report === null ? doctor.output : undefined, before, fix, after, asked })}\n`,
);
process.exit(0);

/** Carries a fix out as a person would: the command it shows, or by hand. Gives what it adds to the environment. */
async function applied(chosen: Fix): Promise<Record<string, string | undefined>> {
  if (setup.byHand !== undefined) return setup.byHand();
  if (chosen.profileId !== undefined) {
    const used = await run(
      [process.execPath, '--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', 'use', chosen.profileId],
      env,
    );
    if (used.exitCode !== 0) throw new Error(used.output);
    return {};
  }
  // Typed into a shell as shown; what it leaves in its environment counts.
  const script = `${chosen.commands.join(' && ')} && env -0`;
  const shell = await run(['/bin/sh', '-c', script], { ...env, PATH: `${join(go, '..')}:${env.PATH}` });
  if (shell.exitCode !== 0) throw new Error(shell.output);
  const now = Object.fromEntries(
    shell.output.split('\0').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { GODEBUG: now.GODEBUG, HTTPS_PROXY: now.HTTPS_PROXY };
}

function download(environment: Record<string, string | undefined>) {
  const cache = join(home, `cache-${Math.random().toString(36).slice(2)}`);
  return run([go, 'mod', 'download', '-json', MODULE], { ...environment, GOMODCACHE: cache, GOFLAGS: '-modcacherw' });
}

function run(argv: readonly string[], environment: Record<string, string | undefined>) {
  return new Promise<{ exitCode: number | null; output: string }>((resolve) => {
    const [file = '', ...args] = argv;
    const child = spawn(file, args, {
      cwd: root,
      env: { ...environment },
      timeout: 60_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
      });
    }
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text.slice(text.indexOf('{'))) as Record<string, unknown>;
  } catch {
    return null;
  }
}
