/** What git and the other version control tools say under `go`, and by themselves. */
import type { Cause } from '../../shared/domain/cause.ts';
import { networkCause, statusOf } from './network.ts';

export interface GitReading {
  readonly cause: Cause;
  readonly underlying?: Cause;
  /** `host:port` of a forward proxy that git was sent to. */
  readonly proxy?: string;
}

/** Whether a text is of a version control tool at all. */
export function speaksGit(text: string): boolean {
  return /\bgit (?:ls-remote|init|fetch|clone|-c|remote|config|log|cat-file|submodule|version)\b|\bfatal: |\bremote: |(?<![\w.])ssh: |Host key verification failed|Permission denied \(|致命错误|远程：|missing \w+ command|remote repository at |RPC failed; curl |index-pack failed|\bhg (?:clone|identify)|\bsvn (?:info|ls)|\bbzr |\bfossil /.test(
    text,
  );
}

const RULES: readonly (readonly [RegExp, Cause])[] = [
  [
    /exec: "(?:git|hg|svn|bzr|fossil)": executable file not found|missing (?:Git|Mercurial|Subversion|Bazaar|Fossil) command|(?:git|hg|svn): command not found|xcrun: error: invalid active developer path|no developer tools were found/i,
    'vcs-tool-missing',
  ],
  [/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|主机密钥验证失败/i, 'vcs-ssh-host-key'],
  [
    /terminal prompts disabled|could not read (?:Username|Password)|Authentication failed|Permission denied \((?:publickey|password|keyboard)|HTTP Basic: Access denied|Invalid username or (?:password|token)|Support for password authentication was removed|returned error: 401|无法读取.*(?:用户名|密码|Username|Password)|身份验证失败|鉴权失败/i,
    'vcs-auth-required',
  ],
  [/returned error: 403|remote: (?:Permission|Write access) to .* denied/i, 'vcs-forbidden'],
  [
    /Repository not found|remote repository at \S+ does not exist|repository '[^']*' not found|does not appear to be a git repository|remote error: .*(?:not found|not exported)|returned error: 40[4]|仓库 '?[^\s']*'? ?(?:未找到|不存在)|未找到仓库/i,
    'vcs-repo-not-found',
  ],
  [
    /returned error: 30\d|redirect.*(?:disabled|not allowed)|unable to update url base from redirection/i,
    'vcs-redirect-refused',
  ],
  [/not valid: is this a git repository\?|不是一个有效的 git 仓库/i, 'captive-portal'],
  [
    /unknown revision|couldn't find remote ref|Remote branch .* not found|not our ref|bad (?:revision|object)/i,
    'unknown-revision',
  ],
];

/** What a text of git means; null for one that tells of no trouble. */
export function readGit(text: string): GitReading | null {
  const named = RULES.find(([pattern]) => pattern.test(text))?.[1];
  if (named !== undefined) return { cause: named };
  const proxy = sentElsewhere(text);
  if (proxy !== null) return { cause: 'forward-proxy-unreachable', proxy };
  const status = statusOf(text);
  if (status !== null) return { cause: 'vcs-network', underlying: underStatus(status) };
  const underlying = dialCause(text) ?? networkCause(text);
  if (underlying !== null) {
    return underlying.startsWith('forward-proxy-') ? { cause: underlying } : { cause: 'vcs-network', underlying };
  }
  return /fatal: |致命错误|exit status [1-9]/.test(text) ? { cause: 'vcs-network' } : null;
}

function underStatus(status: number): Cause {
  if (status === 429) return 'http-rate-limited';
  return status >= 500 ? 'http-server-error' : 'http-unexpected-status';
}

/** libcurl says "Couldn't connect" for a refusal and for a timeout alike: its own duration tells them apart. */
function dialCause(text: string): Cause | null {
  const after = /Failed to connect to \S+ port \d+ after (\d+) ms/.exec(text)?.[1];
  if (after === undefined) return null;
  const named = networkCause(text);
  if (named !== 'connect-refused' || /refused/i.test(text)) return named;
  // A TCP connection is given up after tens of seconds; a refusal takes a round trip.
  return Number(after) >= 5_000 ? 'connect-timeout' : 'connect-refused';
}

/** The host git was really sent to, when that is not the one of the repository: a proxy of its configuration. */
function sentElsewhere(text: string): string | null {
  const wanted = /(?:unable to access|无法访问) '[a-z+]+:\/\/(?:[^@/']*@)?([^/':]+)/i.exec(text)?.[1];
  const [, host, port] = /Failed to connect to (\S+) port (\d+)/.exec(text) ?? [];
  if (wanted === undefined || host === undefined || host === wanted) return null;
  return `${host}:${port}`;
}
