/**
 * `npm run soak -- [--days 30] [--seeds 20]`: months in fake time through the real engine. Compares the notifications
 * with what happened: false alerts, missed outages, time to alert, notifications a cause. Writes docs/figures/soak.json when
 * whole months were played. Fails when an outage was missed, notified twice, or the worst month had more than one false alarm.
 */
import { execFileSync, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type MonthFigures, playMonth } from './soak-month.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    seeds: { type: 'string', default: '20' },
    /** Plays one seed and sends the result to the parent: each month has a process of its own. */
    child: { type: 'string' },
  },
});
const days = Number(values.days);

if (values.child !== undefined) process.send?.(await playMonth(Number(values.child), days));
else process.exitCode = await soak(Number(values.seeds));

async function soak(seeds: number): Promise<number> {
  const waiting = Array.from({ length: seeds }, (_, n) => n + 1);
  const months: MonthFigures[] = [];
  const worker = async () => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const month = await inChild(seed);
      months.push(month);
      console.log(line(month));
      for (const oddity of month.oddities) console.log(`    ${oddity}`);
    }
  };
  await Promise.all([worker(), worker()]);
  const figures = summed(months);
  console.log(JSON.stringify(figures, null, 2));
  if (days >= 30) writeFigures(figures, months);
  return figures.worstFalseAlerts <= 1 && figures.missed === 0 && figures.mostPerOutage <= 1 ? 0 : 1;
}

function inChild(seed: number): Promise<MonthFigures> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ['--child', String(seed), '--days', String(days)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    child.once('message', (figures) => resolve(figures as MonthFigures));
    child.once('exit', (code) => reject(new Error(`seed ${seed} ended with ${code}`)));
  });
}

function summed(months: readonly MonthFigures[]) {
  const total = months.flatMap(({ toAlertMs }) => toAlertMs);
  const scattered = months.flatMap(({ toAlertScatteredMs }) => toAlertScatteredMs);
  return {
    seeds: months.length,
    days,
    worstFalseAlerts: Math.max(...months.map(({ falseAlerts }) => falseAlerts)),
    falseAlerts: months.reduce((sum, one) => sum + one.falseAlerts, 0),
    outages: months.reduce((sum, one) => sum + one.outages, 0),
    missed: months.reduce((sum, one) => sum + one.missed, 0),
    mostPerOutage: Math.max(...months.map(({ mostPerOutage }) => mostPerOutage)),
    toAlertSeconds: { median: seconds(total, 0.5), p95: seconds(total, 0.95), worst: seconds(total, 1) },
    toAlertScatteredMinutes: { median: minutes(scattered, 0.5), worst: minutes(scattered, 1) },
    probes: months.reduce((sum, one) => sum + one.probes, 0),
  };
}

function writeFigures(figures: object, played: readonly MonthFigures[]): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const months = played.map(({ oddities: _, ...month }) => month).sort((a, b) => a.seed - b.seed);
  const report = { date: new Date().toISOString().slice(0, 10), commit, ...figures, months };
  writeFileSync(join(import.meta.dirname, '../../docs/figures/soak.json'), `${JSON.stringify(report, null, 2)}\n`);
}

function line({ seed, outages, missed, falseAlerts, mostPerOutage, probes }: MonthFigures): string {
  return `seed ${seed}: ${outages} outages, ${missed} missed, ${falseAlerts} false, at most ${mostPerOutage} notifications of one, ${probes} probes`;
}

function seconds(values: readonly number[], share: number): number | null {
  const value = [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1];
  return value === undefined ? null : Math.round(value / 100) / 10;
}

function minutes(values: readonly number[], share: number): number | null {
  const value = seconds(values, share);
  return value === null ? null : Math.round(value / 6) / 10;
}
