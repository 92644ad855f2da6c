/** The options of a printed pf rule, and how each is read into it. */
import type { PfRule } from './pf-rule.ts';

/** A rule while it is read. */
export type RuleDraft = { -readonly [K in keyof PfRule]: PfRule[K] };

/** The words after an option, as its reader takes them. */
export interface RuleWords {
  readonly next: () => string;
  readonly operand: () => string;
  readonly take: (text: string) => boolean;
}

const scrubOption =
  (word: string, values: number) =>
  (rule: RuleDraft, { next }: RuleWords) => {
    const option = [word, ...Array.from({ length: values }, () => next())].join(' ');
    rule.scrubOpts = [...(rule.scrubOpts ?? []), option];
  };

const icmp = (rule: RuleDraft, { next, take }: RuleWords) => {
  rule.icmpType = next();
  if (take('code')) rule.icmpCode = next();
};

/** What may follow the addresses of a rule, by its first word (pf.conf(5)). */
export const RULE_OPTIONS: Readonly<Record<string, (rule: RuleDraft, reading: RuleWords) => void>> = {
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
