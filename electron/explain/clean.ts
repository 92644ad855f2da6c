/** From any output to messages: one error each, without the marks that terminals, editors and build logs add. */

/** Longer lines are cut: no message of `go` needs more, and patterns stay fast. */
const MAX_LINE = 4_000;
const MAX_LINES = 20_000;
const MAX_MESSAGE = 8_000;

/** More different messages say nothing more; the last ones are why the command ended. */
const MAX_MESSAGES = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007/g;

/** Time stamps, log levels, build steps: what stands before the words of `go`. */
const PREFIX =
  /^(?:\[[^\]]{1,60}\]\s*|\d{4}[/-]\d\d[/-]\d\d[T ]\d\d:\d\d:\d\d\S*\s+|#\d+ [\d.]+ |(?:error|err|stderr|warn|info)[:=]\s*|(?:exit status \d+: )?stderr: |Error: )+(?=\S)/i;

/** A line that begins a message of its own. */
const BEGINS =
  /^(?:go: |go\[|go get |verifying |warning: |malformed go\.sum|\S+\.go:\d+:\d+: |package |fatal: unable|fatal: repository|unrecognized import path)/;

/** What `go` reports without any trouble (modload, modfetch, modget). */
const CHATTER =
  /^go: (?:downloading|finding|found|extracting|added|upgraded|downgraded|removed|creating new go\.mod|copying requirements|to add module requirements|writing go\.mod|no module dependencies|warning: ignoring|importing requirements|GOPATH set to|updating)\b/;

export interface TraceLine {
  readonly url: string;
  /** null = nothing came before the end of the output. */
  readonly result: string | null;
}

export interface Cleaned {
  readonly messages: readonly string[];
  /** Requests of `-x` in order, each with its last result. */
  readonly trace: readonly TraceLine[];
}

/** Takes an output apart. */
export function clean(output: string): Cleaned {
  const messages: string[][] = [];
  const trace = new Map<string, string | null>();
  for (const raw of output.replace(ANSI, '').split(/\r?\n|\r/, MAX_LINES)) {
    const line = raw.slice(0, MAX_LINE).replace(PREFIX, '');
    const get = /^# get (\S+?)(?:: (.*))?$/.exec(line);
    if (get !== null) {
      trace.set(get[1] ?? '', get[2] ?? null);
      continue;
    }
    if (/^# (?:cd|git|hg) |^\d+\.\d{3}s # /.test(line) || CHATTER.test(line)) continue;
    if (BEGINS.test(line) || messages.length === 0) messages.push([line]);
    else messages.at(-1)?.push(line);
  }
  const texts = messages.map((lines) => lines.join('\n').slice(0, MAX_MESSAGE).trim()).filter((text) => text !== '');
  return {
    messages: [...new Set(texts)].slice(-MAX_MESSAGES),
    trace: [...trace].map(([url, result]) => ({ url, result })),
  };
}
