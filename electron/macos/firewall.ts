/**
 * The application firewall, as socketfilterfw prints it in every wording from macOS 10.11 to 26. It filters incoming
 * connections only: it never explains why something cannot be downloaded.
 */
import { linesOf, type Read, unreadLine } from './lines.ts';

/** State of the application firewall; null = not said. */
export interface Firewall {
  readonly enabled: boolean | null;
  /** The number behind the words: 0 off, 1 on, 2 on and stricter. */
  readonly state: number | null;
  readonly blockAll: boolean | null;
  readonly stealth: boolean | null;
  readonly allowBuiltInSigned: boolean | null;
  readonly allowDownloadedSigned: boolean | null;
  readonly logging: boolean | null;
  readonly loggingOption: string | null;
  readonly blocksOutbound: false;
}

type Draft = { -readonly [K in keyof Firewall]: Firewall[K] };

/** A line, and what it says. */
const SAYINGS: readonly (readonly [RegExp, (draft: Draft, found: RegExpExecArray) => void])[] = [
  [
    /^Firewall is .*\(State = (\d+)\)/i,
    (draft, [, state]) => {
      draft.state = Number(state);
      draft.enabled = draft.state > 0;
    },
  ],
  [
    /block all (?:state )?(?:set to )?(?:is )?(enabled|disabled)/i,
    (draft, [, word]) => {
      draft.blockAll = isOn(word);
    },
  ],
  [
    /^Firewall is blocking all non-essential incoming connections/i,
    (draft) => {
      draft.blockAll = true;
    },
  ],
  [
    /stealth mode (?:is |set to )?(enabled|disabled|on|off)/i,
    (draft, [, word]) => {
      draft.stealth = isOn(word);
    },
  ],
  [
    /Automatically allow (?:signed built-in|built-in signed) software (ENABLED|DISABLED)/i,
    (draft, [, word]) => {
      draft.allowBuiltInSigned = isOn(word);
    },
  ],
  [
    /Automatically allow (?:signed downloaded|downloaded signed) software (ENABLED|DISABLED)/i,
    (draft, [, word]) => {
      draft.allowDownloadedSigned = isOn(word);
    },
  ],
  [
    /^Log mode is (on|off|enabled|disabled)/i,
    (draft, [, word]) => {
      draft.logging = isOn(word);
    },
  ],
  [
    /^Log Option is (\w+)/i,
    (draft, [, word]) => {
      draft.loggingOption = word ?? null;
    },
  ],
];

function isOn(word: string | undefined): boolean {
  return /^(?:on|enabled)$/i.test(word ?? '');
}

/** The getters, one or several together. Absent = null: not asked, or this macOS does not say. */
export function parseFirewall(text: string): Read<Firewall> {
  const { lines, unread } = linesOf(text);
  const draft: Draft = {
    enabled: null,
    state: null,
    blockAll: null,
    stealth: null,
    allowBuiltInSigned: null,
    allowDownloadedSigned: null,
    logging: null,
    loggingOption: null,
    blocksOutbound: false,
  };
  const strange = lines.filter(({ text: line }) => !sentencesOf(line).every((one) => understood(one, draft)));
  return { value: draft, unread: [...unread, ...strange.map(unreadLine)] };
}

/** Several answers may stand in one line. */
function sentencesOf(line: string): readonly string[] {
  return line
    .trim()
    .split(/\s+(?=(?:Firewall (?:is|has|stealth)|Block all|Stealth mode|Automatically allow|Log (?:mode|Option)) )/)
    .filter((one) => one !== '');
}

function understood(sentence: string, draft: Draft): boolean {
  // The state of 2 has the words of block-all, which is asked by itself.
  for (const [pattern, say] of SAYINGS) {
    const found = pattern.exec(sentence);
    if (found === null) continue;
    say(draft, found);
    return true;
  }
  return /^ALF: Error, k\w+|^usage:|^--/i.test(sentence);
}

/** The getters and the list of apps, asked together. */
export function parseFirewallAndApps(
  text: string,
): Read<Firewall & { readonly count: number; readonly apps: readonly FirewallApp[] }> {
  const [firewall, apps] = [parseFirewall(text), parseFirewallApps(text)];
  const bad = new Set(apps.unread.map(({ line }) => line));
  return { value: { ...firewall.value, ...apps.value }, unread: firewall.unread.filter(({ line }) => bad.has(line)) };
}

/** One app's permission to accept connections. */
export interface FirewallApp {
  /** Its path, or only its name on some builds. */
  readonly path: string;
  readonly incoming: 'allow' | 'block' | 'unknown';
}

/** `--listapps`: a number and a path with the permission below it, or `NAME (state: N)`. */
export function parseFirewallApps(
  text: string,
): Read<{ readonly count: number; readonly apps: readonly FirewallApp[] }> {
  const { lines, unread } = linesOf(text);
  const apps: FirewallApp[] = [];
  const strange = [...unread];
  let count: number | null = null;
  for (const line of lines) {
    const said = line.text.trim();
    const total = /total number of apps = (\d+)/i.exec(said)?.[1];
    const numbered = /^\d+ :\s+(\S.*)$/.exec(said)?.[1];
    const permission = /^\(\s*(Allow|Block) incoming connections\s*\)$/i.exec(said)?.[1];
    const stated = /^(\S.*) \(state: (\d+)\)$/.exec(said);
    const last = apps.at(-1);
    if (total !== undefined) count = Number(total);
    else if (numbered !== undefined) apps.push({ path: numbered.trim(), incoming: 'unknown' });
    else if (permission !== undefined && last !== undefined) {
      apps[apps.length - 1] = { ...last, incoming: /allow/i.test(permission) ? 'allow' : 'block' };
    } else if (stated !== null) {
      apps.push({
        path: stated[1] ?? '',
        incoming: stated[2] === '1' ? 'allow' : stated[2] === '4' ? 'block' : 'unknown',
      });
    } else strange.push(unreadLine(line));
  }
  return { value: { count: count ?? apps.length, apps }, unread: strange };
}
