/** All texts of Gopherbar, in English and 简体中文: one key, one ICU message per language. */
import { type Cause, isCause } from '../domain/cause.ts';
import { isExpected } from '../domain/expected.ts';
import type { Bilingual } from '../domain/profile.ts';
import type { Experiment } from '../domain/result.ts';
import type { Language, Problem } from '../domain/snapshot.ts';
import en from './en.json' with { type: 'json' };
import { formatMessage, type Message, parseMessage } from './icu.ts';
import zh from './zh-CN.json' with { type: 'json' };

/** Dotted paths to the texts of a nested record. */
type Paths<T, P extends string = ''> = T extends string
  ? P
  : { [K in keyof T & string]: Paths<T[K], P extends '' ? K : `${P}.${K}`> }[keyof T & string];

/** Keys of all texts but those of problems, which `problemText` alone turns into words: they need their parameters. */
export type MessageKey = Exclude<Paths<typeof en>, `problem.${string}`>;
export type Params = { readonly [name: string]: string | number };

/** Texts of remedies that depend on the situation. */
export type RemedyVariant = keyof (typeof en)['remedy'];

/** Formats a message; bound to one language. Never throws. */
export type Translate = (key: MessageKey, params?: Params) => string;

const CATALOGUES: Record<Language, object> = { en, 'zh-CN': zh };

/** Called with a message that could not be formatted and the error: a bug that must not blank a window. */
export type ReportMessageError = (key: string, error: unknown) => void;

/**
 * The formatter of a language. Parsed messages are kept, so repeated calls are cheap. A message that cannot be
 * formatted (a parameter is missing) is reported and shown as its pattern.
 */
export function translator(language: Language, report: ReportMessageError = () => {}): Translate {
  const parsed = new Map<string, Message>();
  return (key, params = {}) => {
    const pattern = lookUp(language, key) ?? key;
    try {
      let message = parsed.get(key);
      if (message === undefined) {
        message = parseMessage(pattern);
        parsed.set(key, message);
      }
      return formatMessage(message, language, params);
    } catch (error) {
      report(key, error);
      return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
    }
  };
}

/** Whether a text names a message, for keys that are put together. Those of problems are not among them. */
export function isMessageKey(key: string): key is MessageKey {
  return !key.startsWith('problem.') && lookUp('en', key) !== undefined;
}

/** The language to use: the preference, or the first of the system's languages that we have, or English. */
export function chooseLanguage(preference: 'system' | Language, systemLanguages: readonly string[]): Language {
  if (preference !== 'system') return preference;
  for (const tag of systemLanguages) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

/** A bilingual text in one language. */
export function inLanguage(text: Bilingual, language: Language): string {
  return typeof text === 'string' ? text : text[language];
}

/** Short name of a cause, for a row or a title. */
export function causeShort(translate: Translate, cause: Cause): string {
  return translate(`cause.${cause}.short`);
}

/** The parameters of a text, with the name of a cause replaced by its few words; unchanged without a `cause`. */
export function withCauseText(translate: Translate, params: Params): Params {
  const { cause } = params;
  return typeof cause === 'string' && isCause(cause) ? { ...params, cause: causeShort(translate, cause) } : params;
}

/** One line: what a cause means. */
export function causeMeaning(translate: Translate, cause: Cause): string {
  return translate(`cause.${cause}.meaning`);
}

/**
 * The text of a problem: the only access to these texts, so that none is shown without its parameters. A key that no
 * catalogue
 * has is shown with its parameters.
 */
export function problemText(translate: Translate, { key, params = {} }: ProblemInWords): string {
  const path = `problem.${key}`;
  if (lookUp('en', path) === undefined) return `${key} ${JSON.stringify(params)}`;
  // MessageKey leaves these keys out so that the compiler refuses them everywhere else.
  return translate(path as MessageKey, withMistake(translate, params));
}

/** A mistake in settings names its field and what is allowed there: the `detail` of its text. */
function withMistake(translate: Translate, params: Params): Params {
  const { expected, field = '', more = 0 } = params;
  if (!isExpected(expected)) return params;
  const allowed = translate(`expected.${expected}`, params);
  return {
    ...params,
    detail: translate('expected.sentence', { field, where: field === '' ? 'whole' : 'field', allowed, more }),
  };
}

type ProblemInWords = Pick<Problem, 'key'> & Partial<Problem>;

function lookUp(language: Language, key: string): string | undefined {
  let node: unknown = CATALOGUES[language];
  for (const part of key.split('.')) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, part)) return undefined;
    node = (node as Record<string, unknown>)[part];
  }
  return typeof node === 'string' ? node : undefined;
}

/** `over HTTP/1.1: 0/3 → 3/3`. */
export function experimentText(
  translate: Translate,
  { variable, tries, unchanged, changed, helloBytes }: Experiment,
): string {
  const result = translate('experiment.result', {
    variable: translate(`experiment.${variable}`),
    tries,
    unchanged,
    changed,
  });
  return helloBytes === undefined ? result : `${result} ${translate('experiment.hello-bytes', { ...helloBytes })}`;
}
