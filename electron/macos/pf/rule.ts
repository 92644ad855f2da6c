/**
 * One rule as `pfctl -sr` and `-sn` print it. The order of its parts is fixed (OpenBSD pfctl_parser.c, print_rule, of the
 * era that macOS has; pf.conf(5)). Keys that are always there: null = not stated.
 */
import { type Word, wordsOf } from './tokens.ts';

/** Names are those that `gopherbar policy parse` prints. */
export interface PfRule {
  readonly kind: string;
  readonly action: string;
  /** Path or pattern, such as `com.apple/*`; anchors only; '' = unnamed. */
  readonly anchor?: string;
  /** `drop`, `return`, `return-rst`, `return-icmp(…)`; block only. */
  readonly blockMode?: string;
  readonly natPass?: true;
  readonly direction: 'in' | 'out' | null;
  readonly log?: true;
  readonly quick: boolean;
  /** `! lo0` when negated. */
  readonly iface: string | null;
  readonly route?: { readonly type: string; readonly target: string | null };
  readonly af: 'inet' | 'inet6' | null;
  readonly proto: string | null;
  readonly from: string;
  /** The bare value for `=`, else `op value`, `a:b`, `a >< b`. */
  readonly fromPort: string | null;
  readonly to: string;
  readonly port: string | null;
  readonly label: string | null;
  readonly user?: string;
  readonly group?: string;
  readonly flags?: string;
  readonly icmpType?: string;
  readonly icmpCode?: string;
  readonly tos?: string;
  readonly state?: string;
  readonly stateOptions?: string;
  readonly probability?: string;
  readonly fragment?: string;
  readonly scrubOpts?: readonly string[];
  readonly os?: string;
  readonly allowOpts?: true;
  readonly queue?: string;
  readonly tag?: string;
  readonly tagged?: string;
  readonly rtable?: string;
  readonly translation?: { readonly target: string; readonly port: string | null; readonly options?: string };
  readonly counters?: PfCounters;
  readonly inserted?: { readonly uid: number; readonly pid: number };
  /** Of an anchor whose rules were printed inside it. */
  readonly rules?: readonly PfRule[];
  /** Words that were not understood: the rule may mean more than is known. */
  readonly unknown?: readonly string[];
}

/** How often a rule was met (`pfctl -v`). */
export interface PfCounters {
  readonly evaluations: number;
  readonly packets: number;
  readonly bytes: number;
  readonly states: number;
}

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
const STATES: ReadonlySet<string> = new Set(['no', 'keep', 'modulate', 'synproxy']);
const UNARY: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
const BINARY: ReadonlySet<string> = new Set(['><', '<>']);

type Draft = { -readonly [K in keyof PfRule]: PfRule[K] };

/** A line that begins a rule. */
function isRuleLine(line: string): boolean {
  return ACTIONS.has(/^(?:@\d+ )?([a-z-]+)(?=\s|$|\{)/.exec(line.trimStart())?.[1] ?? '');
}

/** The rule in a line, and whether its anchor's body follows (`{` at the end); null when the line is not a rule. */
export function parsePfRule(line: string): { readonly rule: PfRule; readonly opens: boolean } | null {
  if (!isRuleLine(line)) return null;
  const words = wordsOf(line.trim().replace(/^@\d+ /, ''));
  if (words === null || words.length === 0) return null;
  const opens = isPlain(words.at(-1), '{');
  return { rule: new RuleReader(opens ? words.slice(0, -1) : words).read(), opens };
}

function isPlain(word: Word | undefined, text: string): boolean {
  return word !== undefined && !word.quoted && word.text === text;
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
    if (name === 'block' && PLAIN_BLOCK_MODES.test(this.#peek())) rule.blockMode = this.#blockMode();
    if ((name === 'nat' || name === 'rdr' || name === 'binat') && this.#take('pass')) rule.natPass = true;
    return rule;
  }

  /** `return-icmp(port-unr, port-unr)` or, with a blank, `return-rst (ttl 5)`. */
  #blockMode(): string {
    const mode = this.#next();
    return mode.startsWith('return-') && this.#peek().startsWith('(') ? `${mode}${this.#next()}` : mode;
  }

  #middle(rule: Draft): void {
    const direction = this.#peek();
    if (direction === 'in' || direction === 'out') {
      rule.direction = direction;
      this.#next();
    }
    if (this.#take('log')) {
      rule.log = true;
      if (this.#peek().startsWith('(')) this.#next();
    }
    if (this.#take('quick')) rule.quick = true;
    if (this.#take('on')) rule.iface = this.#negatable();
    while (ROUTES.has(this.#peek())) {
      const type = this.#next();
      rule.route = { type, target: type === 'fastroute' ? null : this.#next() };
      while (/^(?:round-robin|source-hash|random|bitmask|sticky-address)$/.test(this.#peek())) this.#next();
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

  /** What may follow, in any order: pfctl's own order is fixed, other versions differ. */
  #option(rule: Draft): boolean {
    const word = this.#words[this.#at];
    if (word === undefined || word.quoted) return false;
    const { text } = word;
    if (STATES.has(text) && this.#words[this.#at + 1]?.text === 'state') {
      rule.state = `${this.#next()} ${this.#next()}`;
      if (this.#peek().startsWith('(')) rule.stateOptions = this.#next();
      return true;
    }
    if (text.startsWith('(')) {
      rule.stateOptions = this.#next();
      return true;
    }
    if (text === '!' && this.#words[this.#at + 1]?.text === 'tagged') {
      this.#at += 2;
      rule.tagged = `! ${this.#next()}`;
      return true;
    }
    if (text === '->') return this.#translation(rule);
    const reader = OPTIONS[text];
    if (reader === undefined) return false;
    this.#next();
    reader(rule, this.#reading);
    return true;
  }

  readonly #reading: Reading = {
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

interface Reading {
  readonly next: () => string;
  readonly operand: () => string;
  readonly take: (text: string) => boolean;
}

const scrubOption =
  (word: string, values: number) =>
  (rule: Draft, { next }: Reading) => {
    const option = [word, ...Array.from({ length: values }, () => next())].join(' ');
    rule.scrubOpts = [...(rule.scrubOpts ?? []), option];
  };

const icmp = (rule: Draft, { next, take }: Reading) => {
  rule.icmpType = next();
  if (take('code')) rule.icmpCode = next();
};

const OPTIONS: Readonly<Record<string, (rule: Draft, reading: Reading) => void>> = {
  user: (rule, { operand }) => {
    rule.user = operand();
  },
  group: (rule, { operand }) => {
    rule.group = operand();
  },
  flags: (rule, { next }) => {
    rule.flags = next();
  },
  'icmp-type': icmp,
  'icmp6-type': icmp,
  tos: (rule, { next }) => {
    rule.tos = next();
  },
  probability: (rule, { next }) => {
    rule.probability = next();
  },
  fragment: (rule, { next }) => {
    // On a filter rule the word stands alone; with scrub its way follows.
    rule.fragment = rule.kind.startsWith('scrub') ? next() : 'only';
  },
  'no-df': scrubOption('no-df', 0),
  'random-id': scrubOption('random-id', 0),
  'min-ttl': scrubOption('min-ttl', 1),
  'max-mss': scrubOption('max-mss', 1),
  'set-tos': scrubOption('set-tos', 1),
  reassemble: scrubOption('reassemble', 1),
  'allow-opts': (rule) => {
    rule.allowOpts = true;
  },
  label: (rule, { next }) => {
    rule.label = next();
  },
  queue: (rule, { next }) => {
    rule.queue = next();
  },
  pipe: (rule, { next }) => {
    rule.queue = next();
  },
  dnpipe: (rule, { next }) => {
    rule.queue = next();
  },
  tag: (rule, { next }) => {
    rule.tag = next();
  },
  tagged: (rule, { next }) => {
    rule.tagged = next();
  },
  rtable: (rule, { next }) => {
    rule.rtable = next();
  },
};
