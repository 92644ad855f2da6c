/** The manual page gopherbar(1) in mdoc(7), from the declarations of the commands. Pure. */

import type { CommandNode, CommandTree, OptionNode } from '../electron/cli/completion/tree.ts';
import type { Translate } from '../shared/messages/messages.ts';

/** The page; `date` is that of the release, as mdoc wants it: `November 26, 2026`. */
export function manualPage(tree: CommandTree, t: Translate, version: string, date: string): string {
  const lines = [
    '.\\" Written by build/man-page.ts from the declarations of the commands.',
    `.Dd ${date}`,
    '.Dt GOPHERBAR 1',
    '.Os',
    '.Sh NAME',
    '.Nm gopherbar',
    `.Nd ${escaped(t('help.about')).replace(/\.$/, '')}`,
    '.Sh SYNOPSIS',
    '.Nm',
    '.Ar command',
    '.Op Ar options',
    '.Nm',
    '.Fl -help | -version',
    '.Sh DESCRIPTION',
    'The commands are:',
    '.Bl -tag -width Ds',
    ...tree.commands.flatMap((command) => commandLines(command)),
    '.El',
    '.Pp',
    'Every command takes:',
    '.Bl -tag -width Ds',
    ...tree.shared.flatMap(optionLines),
    '.El',
    '.Sh ENVIRONMENT',
    '.Bl -tag -width Ds',
    '.It Ev NO_COLOR',
    'No colours, even on a terminal.',
    '.It Ev LC_ALL , LC_MESSAGES , LANG',
    'The language, unless',
    '.Fl -lang',
    'says it.',
    '.It Ev OTEL_EXPORTER_OTLP_HEADERS , OTEL_EXPORTER_OTLP_METRICS_HEADERS',
    'Headers for the collector of',
    '.Cm watch Fl -otlp ,',
    'as name=value pairs separated by commas.',
    '.It Ev GOVULNDB',
    'The vulnerability database of',
    '.Cm lint .',
    '.El',
    '.Sh FILES',
    '.Bl -tag -width Ds',
    '.It Pa ~/.local/share/gopherbar',
    'Settings, history and the journal of switches; on macOS',
    '.Pa ~/Library/Application Support/Gopherbar .',
    '.It Pa ~/.cache/gopherbar/gateway',
    'The cache of the gateway; on macOS',
    '.Pa ~/Library/Caches/Gopherbar/gateway .',
    '.El',
    '.Sh EXIT STATUS',
    '.Bl -tag -width Ds',
    ...[
      ['0', 'Success.'],
      ['1', 'Unhealthy, failed, or with a finding.'],
      ['2', 'Wrong usage: nothing was done.'],
      ['75', 'Infrastructure, not your code: ci and check alone.'],
      ['130', 'Interrupted.'],
    ].flatMap(([code, meaning]) => [`.It ${code}`, meaning ?? '']),
    '.El',
    '.Sh EXAMPLES',
    '.Bd -literal -offset indent',
    ...tree.commands.flatMap(({ example }) => (example === null ? [] : [escaped(example)])),
    '.Ed',
    '.Sh SEE ALSO',
    '.Lk https://go.dev/ref/mod "Go Modules Reference"',
    '.Sh HISTORY',
    `This page describes gopherbar ${version}.`,
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines({ words, summary, options, positionals }: CommandNode): readonly string[] {
  const shown = positionals.map(({ shows, takes }) => {
    const many = takes === 'many' || takes === 'any' ? ' ...' : '';
    return takes === 'optional' || takes === 'any' ? ` Op Ar ${shows}${many}` : ` Ar ${shows}${many}`;
  });
  return [
    `.It Cm ${words.join(' ')}${shown.join('')}`,
    ...sentences(summary),
    ...(options.length === 0 ? [] : ['.Bl -tag -width Ds', ...options.flatMap(optionLines), '.El']),
  ];
}

function optionLines({ flag, summary, value, default: preset }: OptionNode): readonly string[] {
  const takes = value === null ? '' : ` Ar ${value.name.replaceAll(':', '\\&:')}`;
  return [
    `.It Fl ${flag.slice(1)}${takes}`,
    ...sentences(summary),
    ...(preset === null ? [] : [`Default: ${escaped(preset)}.`]),
  ];
}

/** Names that begin with a small letter. */
const SMALL = /^(?:macOS|go|git|pfctl|goproxy|sumdb|dns|vcs)\b/;
const MAX_COLUMNS = 78;

/** Capital and full stop; each sentence begins a line, and no line is long, as mdoc(7) wants it. */
function sentences(text: string): readonly string[] {
  const said = SMALL.test(text) ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  const ended = /[.!?]\)?$/.test(said) ? said : `${said}.`;
  return ended.split(/(?<=[.!?]\)?) +(?=[A-Z])/).flatMap((one) => wrapped(escaped(one)));
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > MAX_COLUMNS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => one.replace(/^([.'])/, '\\&$1'));
}

/** Backslashes, leading dots and quotes, and letters outside of ASCII as mandoc_char(7) names them. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replace(/[^\x20-\x7e]/g, (letter) => `\\[u${letter.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`)
    .replace(/^([.'])/, '\\&$1');
}
