/** From any output to messages: one error each, without the marks that terminals, editors and build logs add. */
import { unquote } from './unquote.ts';
import { unwrap } from './wrap.ts';

/** Longer lines are cut: no message of `go` needs more, and patterns stay fast. */
const MAX_LINE = 4_000;
/** Of a longer output its beginning and its end: how it was called, and why it ended. */
const HEAD_LINES = 2_000;
const TAIL_LINES = 18_000;
const MAX_MESSAGE = 8_000;

/** More different messages say nothing more; the last ones are why the command ended. */
const MAX_MESSAGES = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007/g;

/** Characters that are not seen: NUL, byte order mark, zero width. */
const UNSEEN = /\0|\ufeff|\u200b/g;

/** Time stamps, log levels, build steps, quotation marks of mail and Markdown: what stands before the words of `go`. */
const PREFIX =
  /^(?:\[[^\]]{1,60}\]\s?|\d{4}[/-]\d\d[/-]\d\d[T ]\d\d:\d\d:\d\d\S*\s(?:\d\d[OE]\+? )?|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \S+ \S+\[\d+\]: |[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+\] |[\w.-]{1,40} {0,9}\| |\d\d:\d\d:\d\d(?:[.,]\d+)?:?\s|#\d+ [\d.]+ |\d+\.\d{1,3} |(?:error|err|stderr|warn|info)[:=]\s*|(?:exit status \d+: )?stderr: |Error: |\s{0,12}[>|│`]\s?)+/i;

/** A line that begins a message of its own, however deep it is set. */
const BEGINS =
  /^(?:\s{0,12}(?:go: |verifying )|go\[|go (?:get|install|mod \w+|list|build)(?: \S+)?: |warning: |malformed go\.sum|\S+\.go:\d+:\d+: |package \S+: (?!exit status)|# cd \S+; git clone |fatal: unable|fatal: repository|unrecognized import path|Error in fail: )/;

/** The same, unless the line before leads up to it: `a imports`, `b@v1 requires`. */
const BEGINS_UNLED = /^(?:\S+ imports\s*$|(?:[\w-]+\.)+[a-z]{2,}\/\w\S*: )/;
/** What git prints before it says what failed. */
const LEADS_GIT = /^\s*(?:remote: |Cloning into |# cd )/;
const LEADS = /\b(?:imports|tested by|requires|updating to|->)\s*$/;

/** What `go` reports without any trouble (modload, modfetch, modget). */
const CHATTER =
  /^\s{0,12}go(?: get)?: (?:downloading|finding|found|extracting|added|upgraded|downgraded|removed|creating new go\.mod|copying requirements|to add module requirements|writing go\.mod(?! cache)|no module dependencies|warning|to switch to the latest|installing executables|module \S+ is deprecated|\S+@\S+: retracted|\S+ requires go >= \S+; switching to|importing requirements|GOPATH set to|updating|error loading module requirements)\b/;

function linesOf(output: string): readonly string[] {
  const lines = output.split(/\r?\n|\r/);
  return lines.length <= HEAD_LINES + TAIL_LINES ? lines : [...lines.slice(0, HEAD_LINES), ...lines.slice(-TAIL_LINES)];
}

export interface TraceLine {
  readonly url: string;
  /** null = nothing came before the end of the output. */
  readonly result: string | null;
}

export interface Cleaned {
  readonly messages: readonly string[];
  /** The same with lines joined that a terminal may have wrapped; null when none looks like it. */
  readonly unwrapped: readonly string[] | null;
  /** Requests of `-x` in order, each with its last result. */
  readonly trace: readonly TraceLine[];
}

/** Takes an output apart. */
export function clean(output: string): Cleaned {
  const lines = linesOf(output).map(seen);
  const joined = unwrap(lines, startsAnew);
  const { messages, trace } = takeApart(lines);
  if (joined.length === lines.length) return { messages, unwrapped: null, trace };
  const whole = takeApart(joined);
  return { messages, unwrapped: whole.messages, trace: whole.trace };
}

function takeApart(lines: readonly string[]): Pick<Cleaned, 'messages' | 'trace'> {
  const messages: string[][] = [];
  const trace = new Map<string, string | null>();
  for (const line of dedent(lines.map((one) => one.replace(PREFIX, ''))).flatMap(unquote)) {
    const get = /^# get (\S+?)(?:: (.*))?$/.exec(line);
    if (get !== null) {
      trace.set(get[1] ?? '', get[2] ?? null);
      continue;
    }
    if (/^# (?:cd|git|hg) (?!\S+; git clone )|^\d+\.\d{3}s # /.test(line) || CHATTER.test(line)) continue;
    const before = messages.at(-1);
    if (before === undefined || begins(line, before.at(-1) ?? '')) messages.push([line]);
    else before.push(line);
  }
  const texts = messages.map((lines) => lines.join('\n').slice(0, MAX_MESSAGE).trim()).filter((text) => text !== '');
  return {
    messages: [...new Set(texts)].slice(-MAX_MESSAGES),
    trace: [...trace].map(([url, result]) => ({ url, result })),
  };
}

function seen(raw: string): string {
  return raw.slice(0, MAX_LINE).replace(ANSI, '').replace(UNSEEN, '').replaceAll('\u00a0', ' ');
}

/** Whether a line is surely not the rest of the one before. */
function startsAnew(line: string): boolean {
  return PREFIX.test(line) || BEGINS.test(line) || /^(?:\d+\.\d{3}s )?# /.test(line);
}

/** Without the blanks that all lines begin with. */
function dedent(lines: readonly string[]): readonly string[] {
  let least = Number.POSITIVE_INFINITY;
  for (const line of lines) if (line !== '') least = Math.min(least, line.search(/\S|$/));
  return least > 0 && least < MAX_LINE ? lines.map((line) => line.slice(least)) : lines;
}

function begins(line: string, before: string): boolean {
  if (line.startsWith('fatal: ') && LEADS_GIT.test(before)) return false;
  return BEGINS.test(line) || (BEGINS_UNLED.test(line) && !LEADS.test(before));
}
