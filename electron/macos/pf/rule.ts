/**
 * One rule as `pfctl -sr` and `-sn` print it. The order of its parts is fixed (OpenBSD pfctl_parser.c, print_rule, of the
 * era that macOS has; pf.conf(5)). Keys that are always there: null = not stated.
 */
import type { PfRoute, PfRule } from './pf-rule.ts';
import { type RuleDraft as Draft, RULE_OPTIONS, type RuleWords } from './rule-options.ts';
import { type Word, wordsOf } from './tokens.ts';

const ACTIONS: ReadonlySet<string> = new Set([
  'pass',
  'block',
  'match',
  'scrub',
  'nat',
  'rdr',
  'binat',
  'anchor',
  'scrub-anchor',
  'nat-anchor',
  'rdr-anchor',
  'binat-anchor',
  'dummynet-anchor',
  'dummynet',
  'no',
]);

const PLAIN_BLOCK_MODES = /^(?:drop|return|return-(?:rst|icmp6?)(?:\(.*\))?)$/;
const ROUTES: ReadonlySet<string> = new Set(['route-to', 'reply-to', 'dup-to', 'fastroute']);
const POOL_OPTIONS = /^(?:round-robin|source-hash|random|bitmask|sticky-address|static-port)$/;
const STATES: ReadonlySet<string> = new Set(['no', 'keep', 'modulate', 'synproxy']);
const UNARY: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
const BINARY: ReadonlySet<string> = new Set(['><', '<>']);

/** A line that begins a rule. */
function isRuleLine(line: string): boolean {
  return ACTIONS.has(/^(?:@\d+ )?([a-z-]+)(?=\s|$|\{)/.exec(line.trimStart())?.[1] ?? '');
}

/** The rule in a line, and whether its anchor's body follows (`{` at the end); null when the line is not a rule. */
export function parsePfRule(line: string): { readonly rule: PfRule; readonly opens: boolean } | null {
  if (!isRuleLine(line)) return null;
  const [, nr, rest = ''] = /^(?:@(\d+) )?(.*)$/s.exec(line.trim()) ?? [];
  const words = wordsOf(rest);
  if (words === null || words.length === 0) return null;
  const opens = isPlain(words.at(-1), '{');
  const rule = new RuleReader(opens ? words.slice(0, -1) : words).read();
  return { rule: nr === undefined ? rule : { nr: Number(nr), ...rule }, opens };
}

function isPlain(word: Word | undefined, text: string): boolean {
  return word !== undefined && !word.quoted && word.text === text;
}

function withoutBrackets(text: string): string {
  return text.replace(/^\(\s*|\s*\)$/g, '');
}

/** `{ (en0 10.0.0.1), (en1 10.0.1.1) }`: commas inside of round brackets part nothing. */
function membersOf(braces: string): readonly string[] {
  return [...braces.replace(/^\{|\}$/g, '').matchAll(/(?:\([^()]*\)|[^,()])+/g)]
    .map(([member]) => member.trim())
    .filter((member) => member !== '');
}

/** Reads words from left to right; what it does not know is kept as such. */
class RuleReader {
  readonly #words: readonly Word[];
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  read(): PfRule {
    const rule = this.#head();
    this.#middle(rule);
    const unknown: string[] = [];
    while (this.#at < this.#words.length) {
      if (!this.#option(rule)) unknown.push(this.#next());
    }
    if (unknown.length > 0) rule.unknown = unknown;
    return rule;
  }

  #head(): Draft {
    const negated = this.#take('no');
    const name = this.#next();
    const action = negated ? `no ${name}` : name;
    const kind = name === 'pass' || name === 'block' || name === 'match' ? 'filter' : name;
    const base = {
      direction: null,
      quick: false,
      iface: null,
      af: null,
      proto: null,
      from: 'any',
      fromPort: null,
      to: 'any',
      port: null,
      label: null,
    } as const;
    const rule: Draft = { kind, action, ...base };
    if (name.endsWith('anchor')) {
      const word = this.#words[this.#at];
      const isNamed = word?.quoted === true || (word !== undefined && /[/*.]/.test(word.text) && word.text !== 'all');
      rule.anchor = isNamed ? this.#next() : '';
    }
    if (name === 'block' && PLAIN_BLOCK_MODES.test(this.#peek())) this.#blockMode(rule);
    if ((name === 'nat' || name === 'rdr' || name === 'binat') && this.#take('pass')) rule.natPass = true;
    return rule;
  }

  /** `return-icmp(port-unr, port-unr)` or, with a blank, `return-rst (ttl 5)`. */
  #blockMode(rule: Draft): void {
    const [, mode = '', inner] = /^([\w-]+)(\(.*\))?$/.exec(this.#next()) ?? [];
    rule.blockMode = mode;
    const follows = mode.startsWith('return-') && this.#peek().startsWith('(') ? this.#next() : undefined;
    const said = inner ?? follows;
    if (said !== undefined) rule.blockModeArgs = withoutBrackets(said);
  }

  #middle(rule: Draft): void {
    const direction = this.#peek();
    if (direction === 'in' || direction === 'out') {
      rule.direction = direction;
      this.#next();
    }
    if (this.#take('log')) {
      rule.log = true;
      if (this.#peek().startsWith('(')) rule.logOpts = withoutBrackets(this.#next());
    }
    if (this.#take('quick')) rule.quick = true;
    if (this.#take('on')) rule.iface = this.#negatable();
    while (ROUTES.has(this.#peek())) {
      rule.route = this.#route();
    }
    const af = this.#peek();
    if (af === 'inet' || af === 'inet6') {
      rule.af = af;
      this.#next();
    }
    if (this.#take('proto')) rule.proto = this.#next();
    if (this.#take('all')) return;
    if (this.#take('from')) {
      rule.from = this.#address();
      if (this.#take('port')) rule.fromPort = this.#operand();
      if (this.#take('os')) rule.os = this.#next();
    }
    if (this.#take('to')) {
      rule.to = this.#address();
      if (this.#take('port')) rule.port = this.#operand();
    }
  }

  #route(): PfRoute {
    const type = this.#next();
    const target = type === 'fastroute' ? null : this.#next();
    const options: string[] = [];
    while (POOL_OPTIONS.test(this.#peek())) {
      const option = this.#next();
      const key = option === 'source-hash' && /^0x[0-9a-f]+$/i.test(this.#peek()) ? ` ${this.#next()}` : '';
      options.push(`${option}${key}`);
    }
    return {
      type,
      target,
      ...(target?.startsWith('{') ? { pool: membersOf(target) } : {}),
      ...(options.length === 0 ? {} : { options: options.join(' ') }),
    };
  }

  /** What may follow, in any order: pfctl's own order is fixed, other versions differ. */
  #option(rule: Draft): boolean {
    const word = this.#words[this.#at];
    if (word === undefined || word.quoted) return false;
    const { text } = word;
    if (STATES.has(text) && this.#words[this.#at + 1]?.text === 'state') {
      rule.state = `${this.#next()} ${this.#next()}`;
      if (this.#peek().startsWith('(')) rule.stateOpts = withoutBrackets(this.#next());
      return true;
    }
    if (text.startsWith('(')) {
      rule.stateOpts = withoutBrackets(this.#next());
      return true;
    }
    if (text === '!' && this.#words[this.#at + 1]?.text === 'tagged') {
      this.#at += 2;
      rule.tagged = `! ${this.#next()}`;
      return true;
    }
    if (text === '->') return this.#translation(rule);
    const reader = RULE_OPTIONS[text];
    if (reader === undefined) return false;
    this.#next();
    reader(rule, this.#reading);
    return true;
  }

  readonly #reading: RuleWords = {
    next: () => this.#next(),
    operand: () => this.#operand(),
    take: (text) => this.#take(text),
  };

  #translation(rule: Draft): boolean {
    this.#next();
    let target = this.#next();
    let port: string | null = null;
    const options: string[] = [];
    while (this.#at < this.#words.length && this.#peek() !== '') {
      const text = this.#next();
      if (text === 'port') port = this.#next();
      else if (text === '-') target += ` - ${this.#next()}`;
      else options.push(text);
    }
    rule.translation = { target, port, ...(options.length === 0 ? {} : { options: options.join(' ') }) };
    return true;
  }

  /** `any`, `! 10.0.0.0/8`, `<table>`, `(en0)/24`, `a - b`; a table's count of entries (-v) is left out. */
  #address(): string {
    const first = this.#negatable().replace(/^((?:! )?<[^<>:]+):\d+>$/, '$1>');
    if (this.#peek() !== '-') return first;
    this.#next();
    return `${first} - ${this.#next()}`;
  }

  #negatable(): string {
    if (this.#take('!')) return `! ${this.#next()}`;
    const text = this.#next();
    return text.startsWith('!') && text.length > 1 ? `! ${text.slice(1)}` : text;
  }

  /** Of ports, users and groups. */
  #operand(): string {
    const first = this.#next();
    if (UNARY.has(first)) return first === '=' ? this.#next() : `${first} ${this.#next()}`;
    if (BINARY.has(this.#peek())) return `${first} ${this.#next()} ${this.#next()}`;
    return first;
  }

  #peek(): string {
    const word = this.#words[this.#at];
    return word === undefined || word.quoted ? '' : word.text;
  }

  #take(text: string): boolean {
    if (!isPlain(this.#words[this.#at], text)) return false;
    this.#at += 1;
    return true;
  }

  #next(): string {
    const text = this.#words[this.#at]?.text ?? '';
    this.#at += 1;
    return text;
  }
}
