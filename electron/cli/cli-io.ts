/** What a command needs of the terminal and of the user's environment. */
import type { Readable } from 'node:stream';
import { styleText } from 'node:util';
import type { Language } from '../../shared/domain/snapshot.ts';
import { chooseLanguage, type Translate, translator } from '../../shared/messages/messages.ts';
import type { Env } from '../system/files.ts';
import type { OutputStream } from '../system/process-runner.ts';
import { ownSequence, terminalText } from './terminal-text.ts';

type Style = Parameters<typeof styleText>[0];

/** Standard input; `setRawMode` is there when it is a terminal. */
export interface CliInput extends Readable {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/** The terminal and the environment of the user who runs the command. */
export interface Terminal {
  readonly env: Env;
  /** The working directory. */
  readonly folder: string;
  /** Standard input; it is opened by the first call, which takes time that few commands need to spend. */
  input(): CliInput;
  readonly language: Language;
  readonly t: Translate;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Whether standard error is a terminal: progress is shown there. */
  readonly showsProgress: boolean;
  /** Width of the terminal in cells; 80 when there is none. */
  columns(): number;
  /** Writes to standard output; control characters are made visible (terminal-text.ts). */
  out(text: string): void;
  /** The same to standard error. */
  error(text: string): void;
  /** Writes what another program printed, byte for byte. */
  pass(stream: OutputStream, bytes: Buffer): void;
  /** Colours a text when the output takes colours. */
  style(style: Style, text: string): string;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** A terminal for the duration of one command. */
export interface CliIo extends Terminal {
  /** Registers something to close when the command ends, in reverse order. */
  atEnd(close: () => Promise<void>): void;
}

/** Runs a command; resolves or rejects with its outcome when everything it opened is closed. */
export async function inSession<T>(terminal: Terminal, run: (io: CliIo) => Promise<T>): Promise<T> {
  const closing: (() => Promise<void>)[] = [];
  try {
    return await run({ ...terminal, atEnd: (close) => void closing.push(close) });
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** The real terminal. `lang` is the value of --lang. */
export function terminalIo(lang: string | undefined, signal: AbortSignal): Terminal {
  const { env, stdout, stderr } = process;
  const language = languageOf(lang, env);
  const isTerminal = stdout.isTTY === true;
  const coloured = env.FORCE_COLOR !== undefined ? env.FORCE_COLOR !== '0' : isTerminal && (env.NO_COLOR ?? '') === '';
  return {
    env,
    folder: process.cwd(),
    input: () => process.stdin,
    language,
    t: translator(language),
    isTerminal,
    showsProgress: stderr.isTTY === true,
    // A pseudo-terminal without a size reports 0.
    columns: () => stdout.columns || 80,
    out: (text) => stdout.write(terminalText(text)),
    error: (text) => stderr.write(terminalText(text)),
    pass: (stream, bytes) => void process[stream].write(bytes),
    style: (style, text) => (coloured ? styled(style, text) : text),
    signal,
  };
}

/** The escape codes of a style around a text; codes inside the text itself are not ours. */
function styled(style: Style, text: string): string {
  const [before = '', after = ''] = styleText(style, '|', { validateStream: false }).split('|');
  const own = (codes: string) => codes.replace(CODE, (_, sequence: string) => ownSequence(`[${sequence}`));
  return own(before) + text + own(after);
}

/** ESC [ numbers m. */
const CODE = new RegExp(`${String.fromCharCode(27)}\\[([0-9;]*m)`, 'g');

/** That of --lang, else of LC_ALL, LC_MESSAGES or LANG. */
function languageOf(lang: string | undefined, env: Env): Language {
  return lang === 'en' || lang === 'zh-CN' ? lang : chooseLanguage('system', [localeOf(env)]);
}

/** `zh_CN.UTF-8` → `zh-CN`. */
function localeOf(env: Env): string {
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((one) => one !== undefined && one !== '') ?? 'en';
  return locale.replace(/[.@].*$/, '').replace('_', '-');
}
