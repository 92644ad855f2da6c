/** Lint of the GOPROXY list. */
import {
  formatGoproxyList,
  type GoproxyEntry,
  isProxyEntry,
  parseGoproxyList,
  redactUrl,
  redactUrls,
} from '../../shared/domain/goproxy-list.ts';
import type { LintFinding, LintRule, LintSeverity } from '../../shared/domain/lint.ts';
import { isRefusal } from '../verdict/refusal.ts';
import { hasOwnAddress } from '../verdict/sumdb-walk.ts';
import type { LintFacts } from './lint-facts.ts';

/** Below this daily success rate an entry fails intermittently. */
const FLAKY = 0.99;

/** No list is longer; each entry is compared with all. */
const MAX_LINTED = 50;

/** Findings about GOPROXY. */
export function lintGoproxy(
  facts: Pick<LintFacts, 'variables' | 'viewOf' | 'uptimeOf' | 'proxies'>,
): readonly LintFinding[] {
  const text = facts.variables.GOPROXY ?? '';
  const entries = parseGoproxyList(text);
  const corrected = correctTypos(text);
  // Nothing but separators, full-width ones included, is no list.
  if (parseGoproxyList(corrected).length === 0) return [finding('goproxy-empty', 'error', {}, '')];
  if (corrected !== text) {
    const params = { value: redactUrls(text), corrected: redactUrls(corrected) };
    return [finding('goproxy-typo', 'error', params, corrected)];
  }
  const forward = forwardProxyInList(entries, facts.proxies);
  if (forward.length > 0) return forward;
  return [
    ...brokenEntries(entries),
    ...endOfList(entries).filter(({ rule }) => rule !== 'direct-missing' || !someRefuses(entries, facts)),
    ...(someRefuses(entries, facts) ? [] : withoutEnd(entries, facts)),
    ...entries.slice(0, MAX_LINTED).flatMap((entry, i) => (entry.ignored ? [] : lintEntry(entries, i, facts))),
  ];
}

function brokenEntries(entries: readonly GoproxyEntry[]): readonly LintFinding[] {
  const broken = entries.find(({ problem, ignored }) => problem !== null && !ignored);
  if (broken === undefined) return [];
  // One that stays would still be refused with all others.
  const rest = entries.filter(({ problem, ignored }) => problem === null || ignored);
  const fix = rest.length === 0 ? '' : formatGoproxyList(rest);
  return [finding('goproxy-invalid', 'error', { entry: redactUrl(broken.text) }, fix)];
}

/**
 * The checksum database is asked through the list, too: an entry that fails before a `|` leaves its error, and an end of
 * the list, or `off`, does not outrank it; only `direct` does (cmd/go/internal/modfetch, initBase and TryProxies).
 */
function withoutEnd(
  entries: readonly GoproxyEntry[],
  { variables, viewOf }: Pick<LintFacts, 'variables' | 'viewOf'>,
): readonly LintFinding[] {
  const kept = entries.filter((one) => !one.ignored);
  const database = variables.GOSUMDB ?? '';
  // Switched off, or with an address of its own: the list has no part in it.
  if (database === 'off' || hasOwnAddress(database) || kept.at(-1)?.value === 'direct') return [];
  const proxies = kept.filter(isProxyEntry);
  const at = proxies.findIndex((one, i) => one.separator === '|' && i < proxies.length - 1);
  const [first, later] = [proxies[at], proxies.slice(at + 1)];
  if (at < 0 || first === undefined || later.every(({ value }) => viewOf(value)?.relaysSumdb === true)) return [];
  const params = { first: redactUrl(first.text), others: later.map(({ text }) => redactUrl(text)).join(' ') };
  const ended = [...kept.filter(({ value }) => value !== 'off'), { text: 'direct', separator: null }].map(
    withSeparator,
  );
  return [finding('list-without-end', 'warning', params, formatGoproxyList(ended))];
}

/** With an entry that refuses, `direct` at the end would get from the source what is blocked. */
function someRefuses(entries: readonly GoproxyEntry[], { viewOf }: Pick<LintFacts, 'viewOf'>): boolean {
  return entries.some(({ value }) => {
    const view = viewOf(value);
    return view?.status === 'down' && isRefusal(view.cause);
  });
}

/** Ports on which local forward proxies listen by default (Clash, mihomo, V2Ray, Shadowsocks, Surge, Privoxy, SOCKS). */
const FORWARD_PORTS: ReadonlySet<string> = new Set([
  '1080',
  '1086',
  '1087',
  '6152',
  '6153',
  '7890',
  '7891',
  '7892',
  '7893',
  '7897',
  '8118',
  '8888',
  '8889',
  '10808',
  '10809',
  '20170',
  '20171',
]);

/** A program that forwards requests speaks another protocol than a module proxy: its address belongs into HTTPS_PROXY. */
function forwardProxyInList(entries: readonly GoproxyEntry[], proxies: LintFacts['proxies']): readonly LintFinding[] {
  const known = new Set(proxies.map(({ value }) => hostAndPort(value)));
  const forward = entries.find(({ text, ignored }) => {
    const entry = text.trim();
    if (ignored || /^(?:direct|off)$/.test(entry)) return false;
    if (/^socks[45]?[ah]?:\/\//i.test(entry)) return true;
    const at = hostAndPort(entry);
    if (at === '' || /^[a-z]+:\/\/[^/]*\/./i.test(entry)) return false;
    return known.has(at) || (isLoopback(`http://${at}`) && FORWARD_PORTS.has(/:(\d+)$/.exec(at)?.[1] ?? ''));
  });
  if (forward === undefined) return [];
  const rest = entries.filter((one) => one !== forward);
  const fix = rest.some(isProxyEntry) ? formatGoproxyList(rest) : '';
  return [finding('forward-proxy-in-list', 'error', { entry: redactUrl(forward.text) }, fix)];
}

/** `127.0.0.1:7890`; '' for what has no host. */
function hostAndPort(text: string): string {
  const host = (authority(text) || /^[^/]+/.exec(text)?.[0] || '').replace(/^.*@/, '').toLowerCase();
  return host.replace(/^localhost(?=:|$)/, '127.0.0.1');
}

function endOfList(entries: readonly GoproxyEntry[]): readonly LintFinding[] {
  const ignored = entries.filter((one) => one.ignored);
  const kept = entries.filter((one) => !one.ignored);
  const end = kept.at(-1);
  if (end?.value === 'direct' && kept.length === 1 && ignored.length > 0) {
    const moved = [...ignored.filter(({ value }) => value !== 'direct' && value !== 'off'), end];
    return [finding('direct-first', 'warning', {}, formatGoproxyList(moved.map(withSeparator)))];
  }
  if (ignored.length > 0) {
    const params = { end: end?.value ?? '', entries: ignored.map(({ text }) => redactUrl(text)).join(' ') };
    return [finding('entries-ignored', 'warning', params, formatGoproxyList(kept))];
  }
  if (end?.value === 'off' && kept.length === 1) return [finding('goproxy-off', 'warning', {}, '')];
  if (end?.value === 'direct' || end?.value === 'off') return [];
  const extended = [...kept, { text: 'direct', separator: null }].map(withSeparator);
  return [finding('direct-missing', 'hint', {}, formatGoproxyList(extended))];
}

function withSeparator<T extends Pick<GoproxyEntry, 'text' | 'separator'>>(entry: T) {
  return { text: entry.text, separator: entry.separator ?? ('|' as const) };
}

function lintEntry(
  entries: readonly GoproxyEntry[],
  at: number,
  { viewOf, uptimeOf }: Pick<LintFacts, 'viewOf' | 'uptimeOf'>,
): readonly LintFinding[] {
  const entry = entries[at];
  if (entry === undefined || !isProxyEntry(entry)) return [];
  const name = redactUrl(entry.text);
  const view = viewOf(entry.value);
  const uptime = uptimeOf(entry.value);
  const others = entries.filter((one) => one !== entry);
  const found: LintFinding[] = [];
  const refuses = view?.status === 'down' && isRefusal(view.cause);
  if (view?.status === 'down' && !refuses) {
    const fix = others.some(isProxyEntry) ? formatGoproxyList(others) : null;
    found.push(finding('entry-down', 'warning', { entry: name }, fix));
  }
  // A pipe behind a refusal would go around it.
  const isFlaky =
    !refuses && (view?.status === 'down' || view?.status === 'flapping' || (uptime !== null && uptime < FLAKY));
  if (isFlaky && entry.separator === ',' && at < entries.length - 1) {
    const piped = entries.map((one) => (one === entry ? { ...one, separator: '|' as const } : one));
    const severity = view?.status === 'down' && view.cause !== 'module-not-found' ? 'error' : 'warning';
    found.push(finding('comma-after-flaky', severity, { entry: name }, formatGoproxyList(piped)));
  }
  if (/@/.test(authority(entry.value))) {
    const isInsecure = entry.value.startsWith('http:');
    found.push(finding('credentials-in-url', isInsecure ? 'error' : 'warning', { entry: name }, null));
  }
  if (/^http:/i.test(entry.value) && !isLoopback(entry.value)) {
    const secured = entries.map((one) =>
      one === entry ? { ...one, text: one.text.replace(/^http:/i, 'https:') } : one,
    );
    found.push(finding('insecure-http', 'warning', { entry: name }, formatGoproxyList(secured)));
  }
  return found;
}

/** Corrects common typing mistakes: full-width and other separators, quotes, a misspelt `https://`. */
function correctTypos(text: string): string {
  return text
    .split(/[，；;、]/)
    .map((part, i, all) => trimmedBetween(part, i, all.length))
    .join(',')
    .replace(/[“”"'‘’]/g, '')
    .replace(/｜/g, '|')
    .replace(/(^|[,|]\s*)(https?)(?::\/(?!\/)|\/\/|:(?!\/))/gi, '$1$2://')
    .replace(/(^|[,|]\s*)https?:\/\/(direct|off)\/?(?=\s*(?:[,|]|$))/gi, '$1$2')
    .replace(
      /(^|[,|]\s*)(Direct|DIRECT|Off|OFF)(?=\s*(?:[,|]|$))/g,
      (_, before: string, word: string) => before + word.toLowerCase(),
    )
    .replace(/(?<!,),+$/, '');
}

/** A part between separators, without the blanks beside them. */
function trimmedBetween(part: string, index: number, count: number): string {
  const start = index > 0 ? part.trimStart() : part;
  return index < count - 1 ? start.trimEnd() : start;
}

function authority(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
}

function isLoopback(url: string): boolean {
  const host = authority(url).replace(/^.*@/, '').replace(/:\d+$/, '');
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

function finding(
  rule: LintRule,
  severity: LintSeverity,
  params: LintFinding['params'],
  goproxy: string | null,
): LintFinding {
  const fix = goproxy === null ? null : { variables: { GOPROXY: goproxy }, git: [] };
  return { rule, severity, subject: 'GOPROXY', params, fix, command: null };
}
