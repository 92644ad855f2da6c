/**
 * The ICU messages that our texts use: arguments, `number`, `plural` with `#` and exact cases, `select`, and apostrophes
 * that quote. A library for the whole syntax, with Intl behind it, takes a fifth of the time that a short command has.
 * https://unicode-org.github.io/icu/userguide/format_parse/messages/
 */
import type { Language } from '../domain/snapshot.ts';

type Value = string | number;

interface Choice {
  readonly kind: 'plural' | 'select';
  readonly name: string;
  readonly cases: ReadonlyMap<string, Message>;
}

interface Argument<K extends string> {
  readonly kind: K;
  readonly name: string;
}

type Part = string | Argument<'text'> | Argument<'number'> | { readonly kind: '#' } | Choice;

/** A parsed message. */
export type Message = readonly Part[];

/** Parses a pattern. Throws SyntaxError for what ICU refuses and for the formats that our texts have no use for. */
export function parseMessage(pattern: string): Message {
  const reader = new Reader(pattern);
  const message = reader.message(false);
  if (!reader.isAtEnd()) throw reader.error('unexpected }');
  return message;
}

/** The text of a message; `count` is what `#` stands for. Throws RangeError when a parameter is missing. */
export function formatMessage(
  message: Message,
  language: Language,
  params: Readonly<Record<string, Value>>,
  count: Value = 0,
): string {
  let text = '';
  for (const part of message) {
    if (typeof part === 'string') text += part;
    else if (part.kind === '#') text += formatNumber(count, language);
    else {
      const value = params[part.name];
      if (value === undefined) throw new RangeError(`no parameter ${part.name}`);
      if (part.kind === 'text') text += value;
      else if (part.kind === 'number') text += formatNumber(value, language);
      else {
        const chosen = part.cases.get(caseOf(part, value, language)) ?? part.cases.get('other');
        text += formatMessage(chosen ?? [], language, params, value);
      }
    }
  }
  return text;
}

/** The plural rules of CLDR for whole and broken numbers: Chinese has one form, English a second for 1. */
function caseOf({ kind, cases }: Choice, value: Value, language: Language): string {
  if (kind === 'select') return String(value);
  const exact = `=${value}`;
  if (cases.has(exact)) return exact;
  return language === 'en' && Number(value) === 1 ? 'one' : 'other';
}

/** With the groups of the language. Intl takes 10 ms at its first use: not for what looks the same without it. */
function formatNumber(value: Value, language: Language): string {
  const number = Number(value);
  if (Number.isInteger(number) && Math.abs(number) < 1_000 && !Object.is(number, -0)) return String(number);
  return new Intl.NumberFormat(language).format(number);
}

/** Reads a pattern from its start to its end. */
class Reader {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#pattern.length;
  }

  error(why: string): SyntaxError {
    return new SyntaxError(`${why} at ${this.#at} of “${this.#pattern}”`);
  }

  /** Up to the end, or to the brace that closes a case. */
  message(isPlural: boolean): Message {
    const parts: Part[] = [];
    let text = '';
    const add = (part: Part) => {
      if (text !== '') parts.push(text);
      text = '';
      parts.push(part);
    };
    while (!this.isAtEnd() && this.#next() !== '}') {
      const next = this.#take();
      if (next === "'") text += this.#quoted(isPlural);
      else if (next === '{') add(this.#argument());
      else if (next === '#' && isPlural) add({ kind: '#' });
      else text += next;
    }
    return text === '' ? parts : [...parts, text];
  }

  #next(): string {
    return this.#pattern.charAt(this.#at);
  }

  #take(): string {
    const next = this.#next();
    this.#at += 1;
    return next;
  }

  /** After an apostrophe: two are one; before a character of the syntax it quotes up to the next; else it is itself. */
  #quoted(isPlural: boolean): string {
    if (this.#next() === "'") return this.#take();
    const isSyntax = /[{}]/.test(this.#next()) || (isPlural && this.#next() === '#');
    if (!isSyntax) return "'";
    let text = '';
    while (!this.isAtEnd()) {
      const next = this.#take();
      if (next !== "'") text += next;
      else if (this.#next() === "'") text += this.#take();
      else break;
    }
    return text;
  }

  /** After its opening brace. */
  #argument(): Part {
    const name = this.#word();
    if (this.#skip('}')) return { kind: 'text', name };
    this.#expect(',');
    const kind = this.#word();
    if (kind === 'number') {
      this.#expect('}');
      return { kind, name };
    }
    if (kind !== 'plural' && kind !== 'select') throw this.error(`unknown format ${kind}`);
    this.#expect(',');
    const cases = new Map<string, Message>();
    while (!this.#skip('}')) {
      const key = this.#word();
      if (cases.has(key)) throw this.error(`a second case ${key}`);
      this.#expect('{');
      cases.set(key, this.message(kind === 'plural'));
      this.#expect('}');
      this.#space();
    }
    if (!cases.has('other')) throw this.error('no case other');
    return { kind, name, cases };
  }

  /** A name, a format or the key of a case. */
  #word(): string {
    this.#space();
    const [word = ''] = /^[^\s{},#']+/.exec(this.#pattern.slice(this.#at)) ?? [];
    if (word === '') throw this.error('expected a name');
    this.#at += word.length;
    this.#space();
    return word;
  }

  #space(): void {
    while (/\s/.test(this.#next())) this.#at += 1;
  }

  #skip(sign: string): boolean {
    if (this.#next() !== sign) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#skip(sign)) throw this.error(`expected ${sign}`);
  }
}
