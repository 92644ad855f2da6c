/**
 * `npm run soak -- [--days 30] [--seeds 20]`: months in fake time through the real engine. Counts what people were told
 * of what happened: false alerts, missed outages, time to alert, notifications a cause. Writes docs/figures/soak.json when
 * whole months were played. Fails when an outage was missed, told twice, or the worst month cried wolf more than once.
 */
import { execFileSync, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playMonth, type Told } from './soak-month.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    seeds: { type: 'string', default: '20' },
    /** Plays one seed and tells the parent: each month has a process of its own. */
    child: { type: 'string' },
  },
});
const days = Number(values.days);

if (values.child !== undefined) process.send?.(await playMonth(Number(values.child), days));
else process.exitCode = await soak(Number(values.seeds));

async function soak(seeds: number): Promise<number> {
  const waiting = Array.from({ length: seeds }, (_, n) => n + 1);
  const told: Told[] = [];
  const worker = async () => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const month = await inChild(seed);
      told.push(month);
      console.log(line(month));
      for (const oddity of month.oddities) console.log(`    ${oddity}`);
    }
  };
  await Promise.all([worker(), worker()]);
  const figures = summed(told);
  console.log(JSON.stringify(figures, null, 2));
  if (days >= 30) writeFigures(figures, told);
  return figures.worstFalseAlerts <= 1 && figures.missed === 0 && figures.mostPerOutage <= 1 ? 0 : 1;
}

function inChild(seed: number): Promise<Told> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ['--child', String(seed), '--days', String(days)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    child.once('message', (told) => resolve(told as Told));
    child.once('exit', (code) => reject(new Error(`seed ${seed} ended with ${code}`)));
  });
}

function summed(told: readonly Told[]) {
  const total = told.flatMap(({ toAlertMs }) => toAlertMs);
  const scattered = told.flatMap(({ toAlertScatteredMs }) => toAlertScatteredMs);
  return {
    seeds: told.length,
    days,
    worstFalseAlerts: Math.max(...told.map(({ falseAlerts }) => falseAlerts)),
    falseAlerts: told.reduce((sum, one) => sum + one.falseAlerts, 0),
    outages: told.reduce((sum, one) => sum + one.outages, 0),
    missed: told.reduce((sum, one) => sum + one.missed, 0),
    mostPerOutage: Math.max(...told.map(({ mostPerOutage }) => mostPerOutage)),
    toAlertSeconds: { median: seconds(total, 0.5), p95: seconds(total, 0.95), worst: seconds(total, 1) },
    toAlertScatteredMinutes: { median: minutes(scattered, 0.5), worst: minutes(scattered, 1) },
    probes: told.reduce((sum, one) => sum + one.probes, 0),
  };
}

function writeFigures(figures: object, told: readonly Told[]): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const months = told.map(({ oddities: _, ...month }) => month).sort((a, b) => a.seed - b.seed);
  const report = { date: new Date().toISOString().slice(0, 10), commit, ...figures, months };
  writeFileSync(join(import.meta.dirname, '../../docs/figures/soak.json'), `${JSON.stringify(report, null, 2)}\n`);
}

function line({ seed, outages, missed, falseAlerts, mostPerOutage, probes }: Told): string {
  return `seed ${seed}: ${outages} outages, ${missed} missed, ${falseAlerts} false, at most ${mostPerOutage} told of one, ${probes} probes`;
}

function seconds(values: readonly number[], share: number): number | null {
  const value = [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1];
  return value === undefined ? null : Math.round(value / 100) / 10;
}

function minutes(values: readonly number[], share: number): number | null {
  const value = seconds(values, share);
  return value === null ? null : Math.round(value / 6) / 10;
}
