/**
 * The lab as a process of its own, for the demo: proxies that are healthy, slow, failing, lying and flaky, and the
 * settings file that points Gopherbar at them. Ends with its standard input or at SIGTERM.
 *
 *   node e2e/lab/main.ts --data-folder DIR --go-env FILE     → one line of JSON when ready
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Fault, Transport } from './fault.ts';
import type { GoproxyServer } from './goproxy-server.ts';
import { startLab } from './lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from './tree.ts';

/** How long the flaky proxy is well, and then not. */
const FLAKY_MS = 40_000;
/** A name with a public address, for the resolver's own endpoint: it is never connected to. */
const PUBLIC_NAME = 'public.lab';
const PAGE = '<!DOCTYPE html><html><body>Please sign in to the network</body></html>';

/** The real `go` cannot ask the lab's DNS server, so what profiles use speaks http on an address of its own. */
const PROXIES: readonly { readonly name: string; readonly transport: Transport; readonly fault: Fault | null }[] = [
  { name: 'healthy.lab', transport: 'http', fault: null },
  { name: 'slow.lab', transport: 'http', fault: { type: 'delay-headers', ms: 2_600 } },
  { name: 'failing.lab', transport: 'http', fault: { type: 'drop-request', how: 'fin' } },
  { name: 'lying.lab', transport: 'http', fault: { type: 'answer', body: PAGE, contentType: 'text/html' } },
  { name: 'flaky.lab', transport: 'http', fault: null },
  { name: 'secure.lab', transport: 'h2', fault: null },
];

const { values } = parseArgs({ options: { 'data-folder': { type: 'string' }, 'go-env': { type: 'string' } } });
const { 'data-folder': dataFolder, 'go-env': goEnv } = values;
if (dataFolder === undefined || goEnv === undefined) throw new Error('--data-folder DIR and --go-env FILE are wanted');

const lab = await startLab();
lab.dns.names.set(PUBLIC_NAME, ['93.184.215.14']);
const servers = new Map<string, GoproxyServer>();
for (const { name, transport, fault } of PROXIES) {
  const server = await lab.proxy({ host: name, transport });
  await server.setFault(fault);
  servers.set(name, server);
}
const flaky = servers.get('flaky.lab');
setInterval(() => void flaky?.setFault(flaky.fault === null ? { type: 'drop-request', how: 'fin' } : null), FLAKY_MS);

writeSettings(dataFolder);
// What the demo's go uses from the start: the list that many people copied, and that breaks.
writeFileSync(goEnv, `GOPROXY=${goUrl('flaky.lab')},${goUrl('healthy.lab')}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
process.stdout.write(
  `${JSON.stringify({ ready: true, proxies: Object.fromEntries([...servers].map(([name, { url }]) => [name, url])) })}\n`,
);
process.stdin.resume();
process.stdin.on('end', () => process.exit());
process.on('SIGTERM', () => process.exit());

/** What the real go can reach: it does not ask the lab's DNS server. */
function goUrl(name: string): string {
  return `http://127.0.0.1:${servers.get(name)?.port}`;
}

function writeSettings(folder: string): void {
  const profile = (id: string, en: string, zh: string, list: string) => ({
    id,
    name: { en, 'zh-CN': zh },
    variables: { GOPROXY: list, GOSUMDB: FIXTURE_SUMDB },
  });
  const settings = {
    schema: 1,
    demo: true,
    builtInProfiles: false,
    endpoints: [
      ...PROXIES.map(({ name, transport }) => ({
        id: name,
        name,
        url: transport === 'http' ? goUrl(name) : servers.get(name)?.url,
        module: FIXTURE_MODULE,
      })),
      {
        kind: 'sumdb',
        name: 'sum.example.test',
        url: `${goUrl('healthy.lab')}/sumdb/sum.example.test`,
        key: FIXTURE_SUMDB,
        module: FIXTURE_MODULE,
      },
      { kind: 'dns', name: 'resolver.lab', url: `udp://${lab.dns.address}`, target: PUBLIC_NAME },
      { kind: 'module', name: FIXTURE_MODULE.path, url: `module://${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}` },
    ],
    profiles: [
      profile(
        'flaky-comma',
        'Flaky first, comma',
        '不稳定在前（逗号）',
        `${goUrl('flaky.lab')},${goUrl('healthy.lab')}`,
      ),
      profile('flaky-pipe', 'Flaky first, pipe', '不稳定在前（竖线）', `${goUrl('flaky.lab')}|${goUrl('healthy.lab')}`),
      profile('healthy', 'Healthy', '正常', goUrl('healthy.lab')),
      profile('slow', 'Slow', '缓慢', goUrl('slow.lab')),
      profile('lying', 'Lying', '冒充', `${goUrl('lying.lab')},${goUrl('healthy.lab')}`),
    ],
    intervals: { visibleMs: 5_000, hiddenMs: 10_000 },
    network: { resolver: lab.dns.address },
    trust: { extraCa: [lab.authority.ca] },
  };
  const target = join(folder, 'gopherbar');
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
}
