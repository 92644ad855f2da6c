/**
 * `npm run long -- walker`: the walk of a GOPROXY list against what the real go, old and current, does with it: whether
 * it downloads, which servers it asks, and whose error it prints. Writes docs/figures/walker.json; fails on the first
 * difference.
 *
 *   node build/long/walker.ts [--every N]       every Nth row only; leaves the figures alone
 *   node build/long/walker.ts [--suite NAME]    one suite only; the figures of the others stay
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { walkSumdb } from '../../electron/verdict/sumdb-walk.ts';
import { type EntryView, reportedStep, type ViewOf, walkModule } from '../../electron/verdict/walk.ts';
import { parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import { goToolchains } from '../go-toolchains.ts';
import { type GoDid, type PreparedRow, WalkerLane } from './walker-lane.ts';
import { BEHAVIOURS, CHOSEN_ROWS, DATABASE_ROWS, LONG_ROWS, SHORT_ROWS, type WalkerRow } from './walker-rows.ts';

const LANES = 6;

const { values } = parseArgs({ options: { every: { type: 'string' }, suite: { type: 'string' } } });
const every = Number(values.every ?? 1);
const suites = {
  'up to two entries': SHORT_ROWS,
  'three and four': LONG_ROWS,
  chosen: CHOSEN_ROWS,
  'checksum database': DATABASE_ROWS,
};
const FIGURES = join(import.meta.dirname, '..', '..', 'docs', 'figures', 'walker.json');
const lab = await startLab();
const lanes = await Promise.all(Array.from({ length: LANES }, () => WalkerLane.start(lab)));
const figures: Record<string, unknown> = values.suite === undefined ? {} : JSON.parse(readFileSync(FIGURES, 'utf8'));
let differences = 0;
for (const toolchain of goToolchains()) {
  for (const [name, rows] of Object.entries(suites)) {
    if (values.suite !== undefined && values.suite !== name) continue;
    const chosen = rows.filter((_, i) => i % every === 0);
    const found = await playAll(toolchain.path, chosen);
    for (const one of found) console.log(`DIFFERS ${toolchain.version} ${one}`);
    console.log(`${toolchain.version}, ${name}: ${chosen.length} rows, ${found.length} differences`);
    figures[toolchain.version] = {
      ...(figures[toolchain.version] as object | undefined),
      [name]: { rows: chosen.length, differences: found.length },
    };
    differences += found.length;
  }
}
for (const lane of lanes) lane.close();
await lab.close();
if (every === 1) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const record = { ...figures, date: new Date().toISOString().slice(0, 10), commit };
  writeFileSync(FIGURES, `${JSON.stringify(record, null, 2)}\n`);
}
process.exitCode = differences === 0 ? 0 : 1;

async function playAll(go: string, rows: readonly WalkerRow[]): Promise<readonly string[]> {
  const waiting = [...rows];
  const found: string[] = [];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
        const prepared = await lane.prepare(row);
        const difference = compare(row, prepared, await lane.play(go, row, prepared));
        if (difference !== null) found.push(`${row.list} ${JSON.stringify(row.variables ?? {})}: ${difference}`);
      }
    }),
  );
  return found;
}

/** The first point in which the walk and go differ; null when they agree. */
function compare(row: WalkerRow, { goproxy, behaviours }: PreparedRow, did: GoDid): string | null {
  const viewOf = (url: string): EntryView | null => {
    const behaviour = behaviours.get(url);
    if (url === 'direct') return view(row.directWorks === true ? null : 'dns-no-such-host');
    const seen = view(behaviour === undefined ? 'dns-no-such-host' : BEHAVIOURS[behaviour]);
    return { ...seen, relaysSumdb: behaviour === 'ok' };
  };
  if (row.database === true) return compareDatabase(goproxy, viewOf, did);
  const { GOPRIVATE = '', GONOPROXY = GOPRIVATE } = row.variables ?? {};
  const walk = walkModule({ goproxy, gonoproxy: GONOPROXY }, FIXTURE_MODULE.path, viewOf);
  const downloads = walk.outcome !== 'stops';
  if (downloads !== did.downloaded) return `the walk ${walk.outcome}, go ${did.error.trim().slice(-300)}`;
  const asked = new Set(did.asked);
  for (const [i, { text, action }] of walk.steps.entries()) {
    const behaviour = behaviours.get(text);
    // The log shows no refused connection, and cannot tell two entries on one server apart.
    if (behaviour === undefined || behaviour === 'refused') continue;
    const port = Number(/:(\d+)$/.exec(text)?.[1]);
    if ((action !== 'not-reached') !== asked.has(port))
      return `entry ${i + 1} should be ${action}; asked: ${[...asked]}`;
    // Its .info is passed over at a pipe, its .zip is kept: who is asked differs from file to file, no error names it.
    if (behaviour === 'HTML' && action === 'stops' && walk.steps[i]?.separator === '|') return null;
  }
  const reported = walk.steps[reportedStep(walk) ?? -1];
  const isProxy = reported !== undefined && behaviours.has(reported.text);
  if (isProxy && !did.error.includes(reported.text.replace(/^https?:\/\//, ''))) {
    return `go should print the error of ${reported.text}, and prints ${did.error.trim().slice(-300)}`;
  }
  return null;
}

/** The same with the checksum database on: what answers is verified, by the way that the walk of the database found. */
function compareDatabase(goproxy: string, viewOf: ViewOf, did: GoDid): string | null {
  const entries = parseGoproxyList(goproxy);
  const way = walkSumdb(entries, viewOf, FIXTURE_SUMDB);
  const served = walkModule({ goproxy, gonoproxy: '' }, FIXTURE_MODULE.path, viewOf);
  const works = served.outcome !== 'stops' && way.by === 'relay';
  if (works !== did.downloaded)
    return `served ${served.outcome}, database ${way.by}; go ${did.error.trim().slice(-300)}`;
  const asks = served.outcome !== 'stops' && way.by === 'itself';
  if (asks !== did.askedDatabase)
    return `the database itself ${did.askedDatabase ? 'was' : 'was not'} asked: ${way.by}`;
  if (works || served.outcome === 'stops') return null;
  // The go.mod that an entry serves cannot be verified: to the list that is a failure of the entry.
  const unverified = walkModule({ goproxy, gonoproxy: '' }, FIXTURE_MODULE.path, (url) => {
    const one = viewOf(url);
    return one?.status === 'up' ? view('connect-refused') : one;
  });
  const printed = reportedStep(unverified) ?? 0;
  const own = entries[printed]?.value ?? '';
  const isServing = viewOf(own)?.status === 'up';
  const wanted = !isServing
    ? own
    : way.by === 'nothing'
      ? (entries[way.at]?.value ?? '')
      : (FIXTURE_SUMDB.split('+')[0] ?? '');
  return did.error.includes(wanted.replace(/^https?:\/\//, ''))
    ? null
    : `go should name ${wanted}, and prints ${did.error.trim().slice(-300)}`;
}

function view(cause: EntryView['cause']): EntryView {
  return { endpointId: 'x', status: cause === null ? 'up' : 'down', cause, latencyMs: 1 };
}
