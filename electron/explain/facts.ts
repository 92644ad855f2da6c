/** Who a message is about: its URL and its host. Pure. */

import { CAUSES, type Cause } from '../../shared/domain/cause.ts';
import { hostOf as urlHost } from '../../shared/domain/host.ts';
import { moduleIn } from './module-in.ts';

/** What `go` and git say themselves: what stands below, or after `remote:`, is a server's answer. */
export function headOf(text: string): string {
  const end = text.search(/\n[^\w\n]*server response:/);
  return end < 0 ? text : text.slice(0, end);
}

/** The URL that failed: of the request, of git's repository, of the proxy that answered nonsense. */
export function urlIn(text: string): string | undefined {
  const patterns = [
    /\b(?:Get|ViewHeader|read|Post|Head)\s+"\[?(https?:\/\/?[^"]+)"/,
    /\b(?:Get|GET|read) (https?:\/\/\S+?):? /,
    /(?:^|\s)(https?:\/\/\S+?): [1-5]\d\d [A-Z]/,
    /reading ((?:https?|file):\/\/\S+?):\s/,
    /(?:unable to access|无法访问) '([^']+)'/,
    /unexpected status \((https?:\/\/[^)\s]+)\)/,
    /(?:repository|for|clone of) '([a-z+]+:\/\/[^']+)'/,
    /(https?:\/\/\S+?)\/info\/refs not valid/,
    /invalid response from proxy "([^"]+)"/,
    /insecure URL: (https?:\/\/\S+)/,
    /parse (https?:\/\/\S+?): /,
    /\bFetching (https?:\/\/\S+?): /,
    /fetch: (https?:\/\/\S+?):? /,
    /^[ \t]*"(https?:\/\/[^"\s]+)": /m,
    // git in any language names the address in quotes.
    /^[ \t]*(?:fatal|error|致命错误|[A-Za-zÀ-ÿ]{3,20}) ?[:：][^'\n]{0,80}'((?:https?|ssh|git):\/\/[^'\n]+)'/m,
    /^==> Downloading (https?:\/\/\S+)/m,
    /\b(?:Download from |Error downloading \[)(https?:\/\/[^\s,\]]+)/,
    /\bgit (?:-c \S+ )?(?:clone|fetch|ls-remote)(?: -\S+)* ([a-z+]+:\/\/\S+)/,
  ];
  const said = headOf(text).replace(/^[ \t]*remote: .*$/gm, '');
  for (const pattern of patterns) {
    const found = pattern.exec(said)?.[1];
    // A terminal may have wrapped it.
    if (found !== undefined) return found.replace(/\s+/g, '');
  }
  return undefined;
}

/**
 * Who is blamed: a redirect's origin before its target, git's host before the module's. `at` is where the deciding words
 * begin.
 */
export function hostIn(text: string, cause: Cause, at: number): string | undefined {
  if (cause === 'redirect-insecure') return hostOf(/redirected from secure URL (\S+)/.exec(text)?.[1]);
  const ssh =
    /ssh: connect to host (\S+) port/.exec(text)?.[1] ??
    /\b[\w.-]+@([\w.-]+): Permission denied/.exec(text)?.[1] ??
    /host key is known for (\S+)|Host key for (\S+) has changed/.exec(text)?.slice(1).find(Boolean);
  if (ssh !== undefined) return ssh;
  const hg = /^abort: ([\w.-]+) certificate error/m.exec(text)?.[1];
  if (hg !== undefined) return hg;
  const named =
    hostOf(urlIn(text)) ??
    /(?:Could not resolve host(?:name)?:?|in connection to|bad address|resolve host address|Failed to connect to(?= \S+ port)) ['‘“]?([^\s:'’”]+)/i.exec(
      text,
    )?.[1];
  if (named !== undefined) return named;
  const looked =
    CAUSES[cause].layer === 'dns' ? /\blookup ([\w.-]+\.[a-z]{2,})(?: on \S+)?: /i.exec(text)?.[1] : undefined;
  if (looked !== undefined) return looked;
  // A module whose own go.mod is at fault: its host serves it. One's own go.mod has no module before the words.
  if (cause === 'module-path-mismatch' || cause === 'gomod-invalid') {
    return /(?:^|\s)([\w.-]+\.[\w-]+)\/[^\s@]+@[^\s:]+: (?:parsing|reading) go\.mod/m.exec(text)?.[1];
  }
  const isVcs =
    CAUSES[cause].layer === 'vcs' || cause.startsWith('vcs-') || /invalid version: |: unknown revision/.test(text);
  if (!isVcs) return undefined;
  const scp = /\bgit@([\w.-]+):/.exec(text)?.[1];
  const ofModule = moduleIn(text, cause, at)?.split('/')[0];
  return scp ?? (ofModule?.includes('.') === true ? ofModule : /^go: ([\w.-]+\.[a-z]{2,})\//m.exec(text)?.[1]);
}

/** How far before a message its command is looked for, in characters. */
const MAX_BEFORE = 2_000;

/**
 * The host that the command before a message was about, when curl or git name none themselves: what Homebrew downloads,
 * what git was sent to over ssh.
 */
export function hostBefore(text: string, output: string): string | undefined {
  const [first = ''] = text.split('\n');
  const isCurl = /\bcurl: \(\d+\)/.test(first);
  if (!isCurl && !/Host key verification|Permission denied|Could not read from remote/.test(first)) return undefined;
  const end = output.indexOf(first);
  const before = output.slice(Math.max(0, end - MAX_BEFORE), Math.max(0, end));
  const named = isCurl
    ? [...before.matchAll(/^==> Downloading (https?:\/\/\S+)/gm)].map(([, url]) => hostOf(url))
    : [...before.matchAll(/\bgit@([\w.-]+):|\bssh:\/\/(?:[\w.-]+@)?([\w.-]+)/g)].map(([, scp, host]) => scp ?? host);
  return named.at(-1);
}

/** The host of a URL, without user, port and path. */
export function hostOf(url: string | undefined): string | undefined {
  // Up to Go 1.22 a cut URL has one slash: read "https:/host/…".
  return urlHost(url ?? '') ?? /^https?:\/([^/]+)\//.exec(url ?? '')?.[1];
}
