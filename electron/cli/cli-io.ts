/** What a command needs of the terminal and of the person's environment. */
import { styleText } from 'node:util';
import type { Language } from '../../shared/domain/snapshot.ts';
import { chooseLanguage, type Translate, translator } from '../../shared/messages/messages.ts';
import type { Env } from '../system/files.ts';

type Style = Parameters<typeof styleText>[0];

export interface CliIo {
  readonly env: Env;
  readonly language: Language;
  readonly t: Translate;
  readonly isTerminal: boolean;
  /** Width of the terminal in cells; 80 when it is none. */
  columns(): number;
  out(text: string): void;
  error(text: string): void;
  /** Colours a text when the output takes colours. */
  style(style: Style, text: string): string;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** The real terminal. `language` from --lang, else LC_ALL, LC_MESSAGES, LANG. */
export function terminalIo(lang: string | undefined, signal: AbortSignal): CliIo {
  const { env, stdout, stderr } = process;
  const language = lang === 'en' || lang === 'zh-CN' ? lang : chooseLanguage('system', [localeOf(env)]);
  const isTerminal = stdout.isTTY === true;
  const coloured = env.FORCE_COLOR !== undefined ? env.FORCE_COLOR !== '0' : isTerminal && (env.NO_COLOR ?? '') === '';
  return {
    env,
    language,
    t: translator(language),
    isTerminal,
    // A pseudo-terminal that was told no size says 0.
    columns: () => stdout.columns || 80,
    out: (text) => stdout.write(text),
    error: (text) => stderr.write(text),
    style: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
    signal,
  };
}

/** `zh_CN.UTF-8` → `zh-CN`. */
function localeOf(env: Env): string {
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((one) => one !== undefined && one !== '') ?? 'en';
  return locale.replace(/[.@].*$/, '').replace('_', '-');
}
