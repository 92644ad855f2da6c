/** `gopherbar policy`: the path of each endpoint's packets through this Mac, layer by layer. */
import type { LayerFinding, PolicyReading } from '../../../shared/domain/policy.ts';
import { layerText } from '../../../shared/messages/policy-texts.ts';
import { takePolicyReading } from '../../composition/policy.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openStores } from '../stores.ts';
import type { PolicyReadArguments } from './policy.command.ts';

/** Reads and shows; exit 1 when a layer blocks an endpoint. On other systems it says so, and exits with 0. */
export async function policyCommand(
  { json, privileged = false }: PolicyReadArguments,
  io: CliIo,
  clock: Clock,
): Promise<ExitCode> {
  const { core } = await openStores(io, clock);
  if (privileged && json !== true) io.error(`${io.t('policy.plan')}\n`);
  const reading = await takePolicyReading(core, privileged, io.signal);
  if (io.signal.aborted) return EXIT.interrupted;
  if (json === true) io.out(`${JSON.stringify({ schema: 1, ...reading }, null, 2)}\n`);
  else io.out(render(reading, io));
  const blocked = reading.paths.some(({ layers }) => layers.some(({ state }) => state === 'blocks'));
  return blocked ? EXIT.finding : EXIT.ok;
}

const MARKS: Readonly<Record<LayerFinding['state'], string>> = {
  passes: '✓',
  blocks: '✗',
  present: '▲',
  unknown: '?',
  'no-part': '–',
};

function render(reading: PolicyReading, io: CliIo): string {
  const { t, style } = io;
  if (!reading.available) return `${t('policy.not-here')}\n`;
  const lines: string[] = [];
  for (const { endpoint, address, port, layers } of reading.paths) {
    lines.push(style('bold', `${endpoint}:${port}`) + (address === null ? '' : style('dim', `  ${address}`)));
    for (const one of layers) {
      const colour =
        one.state === 'blocks' ? 'red' : one.state === 'present' || one.state === 'unknown' ? 'yellow' : 'dim';
      lines.push(
        `  ${style(colour, MARKS[one.state])} ${t(`policy.layer-${one.layer}`)}  ${style(colour, layerText(t, one))}`,
      );
    }
  }
  if (reading.prompt === null) lines.push(style('dim', t('policy.offer-cli')));
  else if (reading.prompt !== 'done') lines.push(style('yellow', t(`policy.prompt-${reading.prompt}`)));
  for (const { text } of reading.rules.filter(({ isNew }) => isNew))
    lines.push(style('yellow', t('policy.new-rule', { rule: text })));
  for (const text of reading.goneRules) lines.push(style('dim', t('policy.gone-rule', { rule: text })));
  for (const { what, why } of reading.unread) lines.push(style('dim', t('policy.not-read', { what, why })));
  return `${lines.join('\n')}\n`;
}
