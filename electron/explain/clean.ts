/** From any output to messages: one error each, without the marks that terminals, editors and build logs add. */
import { isEcho, speaksOfError } from './error-words.ts';
import { unmark } from './prefix.ts';
import { JsonFields, joinMangled, unquote } from './unquote.ts';
import { unwrap } from './wrap.ts';

/** Longer lines are cut: no message of `go` needs more, and patterns stay fast. */
const MAX_LINE = 4_000;
/** Of a longer output its beginning and its end: how it was called, and why it ended. */
const HEAD_LINES = 2_000;
const TAIL_LINES = 18_000;
const MAX_MESSAGE = 8_000;
/** A message that has begun takes no more lines than this. */
const MAX_MESSAGE_LINES = 60;

/** More different messages say nothing more; the last ones are why the command ended. */
const MAX_MESSAGES = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out; "_bk;t=…" is Buildkite's
const ANSI = /\u001b\[[0-9;?]{0,40}[ -/]{0,4}[@-~]|\u001b\][^\u0007]{0,400}\u0007|\u001b_[^\u0007]{0,80}\u0007/g;

/** Characters that are not seen: NUL, byte order mark, zero width. */
const UNSEEN = /\0|\ufeff|\u200b/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what ANSI and UNSEEN begin with
const SPECIAL = /[\0\u001b\u00a0\u200b\ufeff]/;

/** A line that begins a message of its own, however deep it is set. */
const BEGINS =
  /^(?:\s{0,12}(?:go: |verifying )|go\[|go (?:get|install|mod \w+|list|build|run|test|vet|work \w+)(?: \S+)?: |malformed go\.sum|\S+\.go:\d+(?::\d+)?: |package \S+(?:: (?!exit status)|\s*$)|# cd \S+; git clone |cd \S+; git clone |fatal: unable|fatal: repository|unrecognized import path|Error in fail: |https fetch failed: |Cloning into |error obtaining VCS status|(?:time="[^"]{1,60}" )?level=(?:error|fatal|warning|info|debug)|ts=\S+ |Get "?https?:|ssh: connect to)/;

/** The same, unless the line before leads up to it: `a imports`, `b@v1 requires`. */
const BEGINS_UNLED = /^(?:\S+ (?:imports|tested by)\s*$|(?:[\w-]+\.)+[a-z]{2,}\/\w\S*: |SECURITY ERROR$)/;
/** What git prints before it says what failed. */
const LEADS_GIT = /^\s*(?:remote: |Cloning into |# cd |cd \S+; git )/;
const LEADS = /\b(?:imports|tested by|requires|updating to|->)\s*$/;
/** The lines of git under a message of `go`; chats and web pages drop their indents. */
const OPENS_GIT = /(?:exit status|returned status code) \d+:?\s*$/;
const OF_GIT =
  /^\s*(?:fatal: |error: |remote: |ssh: |warning: |hint: |ERROR: |git@|Host key|Permission denied|No \S+ host key|Please make|and the repository|Cloning|abort: |\(configure hostfingerprint|kex_exchange|Connection (?:closed|reset)|致命错误|错误|远程|RPC failed)/;

/** What `go` reports without any trouble (modload, modfetch, modget, toolchain). */
const CHATTER =
  /^\s{0,12}go(?: get)?: (?:downloading|finding|found|extracting|added|upgraded|downgraded|removed|creating new go\.mod|copying requirements|to add module requirements|writing go\.mod(?! cache)|no module dependencies|warning|to switch to the latest|installing executables|module \S+ is deprecated|\S+@\S+: retracted|\S+ requires go >= \S+; switching to|importing requirements|GOPATH set to|updating (?!go\.)|error loading module requirements|default toolchain set|upgrading toolchain|using (?:local|go\S+) toolchain|switching from|trying upgrade|accepting indirect|dropping requirement|ignoring (?:requirement|package)|read full module graph)\b/;

/** A command as it was typed: whose output follows. */
const COMMAND =
  /^(?:[^\n$#%>❯➜]{0,80}[$#%>❯➜+] {1,3})(?:\w+=\S* )*(?:sudo )?(?:go|git|make|docker|brew|bazel|task|curl|wget|\.\/\S+|\/\S*\/go\d*) (?:[^:;|&]|:\/\/|:\w)*$/;

/** The end of a prompt; without it the search for one is spared. */
const MAY_PROMPT = /[$#%>❯➜+] /;

export interface TraceLine {
  readonly url: string;
  /** null = nothing came before the end of the output. */
  readonly result: string | null;
}

/** Lines that belong together. */
export interface Message {
  readonly text: string;
  /** Something before it said that it tells of a failure. */
  readonly isError: boolean;
  /** It says only that something failed. */
  readonly isEcho: boolean;
}

export interface Cleaned {
  readonly messages: readonly Message[];
  /** The same with lines joined that a terminal may have wrapped; null when none looks like it. */
  readonly unwrapped: readonly Message[] | null;
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

interface Draft {
  readonly lines: string[];
  /** It began as messages do; another could be anything, and ends where an error begins. */
  readonly isBegun: boolean;
  isError: boolean;
  isClosed: boolean;
  isGit: boolean;
}

function takeApart(lines: readonly string[]): Pick<Cleaned, 'messages' | 'trace'> {
  const messages: Draft[] = [];
  const trace = new Map<string, string | null>();
  const json = new JsonFields();
  for (const marked of dedent(lines.map(unmark))) {
    for (const line of unquote(marked.rest, json)) {
      const get = /^(?:# )?get (https?:\S+?|\S+:\/\/\S+?)(?: \(offset \d+\))?(?:: (.*))?$/.exec(line);
      const before = messages.at(-1);
      if (get !== null) {
        const [, url = '', result = null] = get;
        if (result !== 'interrupted') trace.set(url, result);
      } else if (isNoise(line)) {
        if (before !== undefined) before.isClosed = true;
      } else if (before === undefined || opens(line, marked.isError, before)) {
        const isBegun = BEGINS.test(line) || BEGINS_UNLED.test(line);
        const isGit = OPENS_GIT.test(line);
        messages.push({ lines: [line], isBegun, isError: marked.isError, isClosed: isEcho(line), isGit });
      } else {
        before.lines.push(line);
        before.isError ||= marked.isError;
        before.isGit ||= OPENS_GIT.test(line);
      }
    }
  }
  return {
    messages: distinct(messages.map(finished).filter(({ text }) => text !== '')).slice(-MAX_MESSAGES),
    trace: [...trace].map(([url, result]) => ({ url, result })),
  };
}

function finished({ lines, isError }: Draft): Message {
  const text = (lines.length === 1 ? (lines[0] ?? '') : lines.join('\n')).slice(0, MAX_MESSAGE).trim();
  return { text, isError, isEcho: isEcho(lines[0] ?? '') };
}

function distinct(messages: readonly Message[]): readonly Message[] {
  return [...new Map(messages.map((one) => [one.text, one])).values()];
}

/** Results of tests that passed: the package they name has nothing to do with an error beside them. */
const PASSED = /^(?:ok|\?)\s{1,8}\S+\t|^\s{0,16}--- (?:PASS|SKIP): |^=== (?:RUN|PAUSE|CONT|NAME) |^PASS$/;

/** Subjects of commits, as git prints them: `* 0123abc words`, `HEAD is now at 0123abc words`. */
const COMMITS =
  /^\s{0,4}(?:[*|\\/ ]{1,12} ?)?(?:HEAD is now at |Updating )?[0-9a-f]{7,40}(?:\.\.[0-9a-f]{7,40})?(?: \S|$)/;

/** What is no message: commands of a trace, progress, a typed command, tests that passed. */
function isNoise(line: string): boolean {
  return (
    /^# (?:cd|git|hg) (?!\S+; git clone )|^\d+\.\d{3}s # /.test(line) ||
    CHATTER.test(line) ||
    PASSED.test(line) ||
    COMMITS.test(line) ||
    (MAY_PROMPT.test(line) && COMMAND.test(line))
  );
}

/** Whether a line begins a new message after `before`. */
function opens(line: string, isError: boolean, before: Draft): boolean {
  const last = before.lines.at(-1) ?? '';
  if (before.isClosed || before.lines.length >= MAX_MESSAGE_LINES) return line.trim() !== '' || before.lines.length > 0;
  if (before.isGit && OF_GIT.test(line)) return false;
  if (LEADS_GIT.test(last) && OF_GIT.test(line)) return false;
  if (/^package \S+\s*$/.test(line) && LEADS_GIT.test(before.lines[0] ?? '')) return false;
  if (/^package \S+: exit status \d/.test(line) && OF_GIT.test(last)) return false;
  if (BEGINS.test(line) || (BEGINS_UNLED.test(line) && !LEADS.test(last) && !continuesSecurity(line, before)))
    return true;
  if (isEcho(line)) return true;
  if (before.isBegun || LEADS.test(last) || LEADS_GIT.test(last)) return false;
  // Nothing says where this message began: each line that speaks of an error is one.
  return isError || (speaksOfError(line) && !/^\s/.test(line) && !continuesGit(line, last));
}

/** `SECURITY ERROR` stands under the mismatch that it is about. */
function continuesSecurity(line: string, before: Draft): boolean {
  return line.startsWith('SECURITY ERROR') && before.lines.some((one) => /checksum mismatch|downloaded: /.test(one));
}

function continuesGit(line: string, last: string): boolean {
  return OF_GIT.test(line) && (OF_GIT.test(last) || /Repository not found/.test(last));
}

function linesOf(output: string): readonly string[] {
  const lines = output.split(/\r?\n|\r/);
  return lines.length <= HEAD_LINES + TAIL_LINES ? lines : [...lines.slice(0, HEAD_LINES), ...lines.slice(-TAIL_LINES)];
}

function seen(raw: string): string {
  const line = raw.length > MAX_LINE ? raw.slice(0, MAX_LINE) : raw;
  const shown = SPECIAL.test(line) ? line.replace(ANSI, '').replace(UNSEEN, '').replaceAll('\u00a0', ' ') : line;
  return joinMangled(shown.trimEnd());
}

/** Whether a line is surely not the rest of the one before. */
function startsAnew(line: string): boolean {
  const { rest, hasMark } = unmark(line);
  return hasMark || BEGINS.test(rest) || /^(?:\d+\.\d{3}s )?# |^package \S+: exit status \d/.test(rest);
}

/** Without the blanks that all lines begin with. */
function dedent<T extends { readonly rest: string }>(lines: readonly T[]): readonly T[] {
  let least = Number.POSITIVE_INFINITY;
  for (const { rest } of lines) if (rest !== '') least = Math.min(least, rest.search(/\S|$/));
  return least > 0 && least < MAX_LINE ? lines.map((line) => ({ ...line, rest: line.rest.slice(least) })) : lines;
}
