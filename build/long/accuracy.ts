/**
 * `npm run long -- accuracy`: plays every simulated network and writes docs/accuracy.md: expected against got, precision
 * and recall of each verdict. Fails when a verdict is wrong, or fewer or more notifications were sent than expected.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRight, type Played, playScenario, type Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const FILE = join(import.meta.dirname, '..', '..', 'docs', 'accuracy.md');

/** `--only N` plays the first N and leaves the file alone. */
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const scenarios = values.only === undefined ? SCENARIOS : SCENARIOS.slice(0, Number(values.only));
const played: { readonly scenario: Scenario; readonly got: Played }[] = [];
for (const scenario of scenarios) {
  const got = await playScenario(scenario);
  const mark = isRight(scenario, got) ? 'ok    ' : 'WRONG ';
  console.log(`${mark}${scenario.name}: ${got.verdict} (${got.severity}), ${got.notified} notified`);
  played.push({ scenario, got });
}
const wrong = played.filter(({ scenario, got }) => !isRight(scenario, got)).length;
console.log(`${played.length - wrong} of ${played.length} right`);
if (values.only === undefined) writeFileSync(FILE, report());
process.exitCode = wrong === 0 ? 0 : 1;

function report(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const names = [...new Set(played.flatMap(({ scenario, got }) => [scenario.verdict, got.verdict]))].sort();
  const scores = names.map((name) => {
    const wanted = played.filter(({ scenario }) => scenario.verdict === name).length;
    const said = played.filter(({ got }) => got.verdict === name).length;
    const right = played.filter(({ scenario, got }) => scenario.verdict === name && got.verdict === name).length;
    return `| ${name} | ${wanted} | ${share(right, said)} | ${share(right, wanted)} |`;
  });
  const rows = played.map(({ scenario, got }) => {
    const expected = `${scenario.verdict} (${scenario.severity})`;
    const rule = got.rule ?? '';
    return `| ${scenario.name}${scenario.nearMiss === true ? ' *' : ''} | ${expected} | ${got.verdict} (${got.severity}) | ${rule} | ${got.notified} (${scenario.notifications.join('–')}) | ${isRight(scenario, got) ? 'right' : '**wrong**'} |`;
  });
  return `# How often the verdict is right

Written by \`npm run long -- accuracy\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit}. Every network below is made of lab
parts (servers, resolvers, forward proxies on loopback) and judged by the real engine; ${played.length} scenarios,
${played.filter(({ scenario }) => scenario.nearMiss === true).length} of them near misses (*): networks that resemble a verdict and do not deserve it.

| verdict | scenarios | precision | recall |
|---|---|---|---|
${scores.join('\n')}

| the network | expected | got | rule | notifications (expected) | |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : (part / whole).toFixed(2);
}
