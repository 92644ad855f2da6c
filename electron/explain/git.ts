/** What git and the other version control tools say under `go`, and by themselves. */
import type { Cause } from '../../shared/domain/cause.ts';
import { CLONES } from './local.ts';
import { networkMatch, statusMatch } from './network.ts';
import { firstMatch, type Match, type Rule, SURE } from './rules.ts';

export interface GitReading extends Match {
  readonly underlying?: Cause;
  /** `host:port` of a forward proxy that git was sent to. */
  readonly proxy?: string;
}

/** Whether a text is of a version control tool at all. */
export function speaksGit(text: string): boolean {
  return /\bgit (?:ls-remote|init|fetch|clone|-c|remote|config|log|cat-file|submodule|version)\b|\bfatal: |\bremote: |(?<![\w.])ssh: |Host key verification failed|Permission denied \(|致命错误|远程：|missing \w+ command|remote repository at |RPC failed; |index-pack failed|error obtaining VCS status|kex_exchange_identification|dubious ownership|^Repository not found\.|remote end hung up|\bhg (?:clone|identify)|^abort: |\bsvn (?:info|ls)|\bbzr |\bfossil /.test(
    text,
  );
}

const RULES: readonly Rule[] = [
  [
    /exec: "(?:git|hg|svn|bzr|fossil)": executable file not found|missing (?:Git|Mercurial|Subversion|Bazaar|Fossil) command|(?:git|hg|svn): command not found|xcrun: error: invalid active developer path|not agreed to the Xcode license|git-lfs: (?:command )?not found|no developer tools were found|cannot run ssh: No such file|unable to find remote helper for '|'remote-https?' is not a git command|error obtaining VCS status: exec:/i,
    'vcs-tool-missing',
  ],
  ...CLONES,
  [/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|主机密钥验证失败/i, 'vcs-ssh-host-key'],
  [
    /terminal prompts disabled|could not read (?:Username|Password)|Authentication failed|Permission denied \((?:publickey|password|keyboard)|HTTP Basic: Access denied|Invalid username or (?:password|token)|user interactivity has been disabled|Too many authentication failures|No supported authentication methods|Support for password authentication was removed|returned error: 401|无法读取.*(?:用户名|密码|Username|Password)|身份验证失败|鉴权失败/i,
    'vcs-auth-required',
  ],
  [
    /returned error: 403|RPC failed; (?:HTTP|result=22, HTTP code =) 403|enforced SAML SSO|unauthenticated git protocol on port 9418|remote: (?:Permission|Write access) to .* denied/i,
    'vcs-forbidden',
  ],
  [
    /Repository not found|remote repository at \S+ does not exist|repository '[^']*' not found|does not appear to be a git repository|project you were looking for could not be found|remote error: .*(?:not found|not exported)|returned error: 40[4]|仓库 '?[^\s']*'? ?(?:未找到|不存在)|未找到仓库/i,
    'vcs-repo-not-found',
  ],
  [
    /returned error: 30\d|RPC failed; (?:HTTP|result=22, HTTP code =) 30\d|redirect.*(?:disabled|not allowed)|unable to update url base from redirection/i,
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
  const named = firstMatch(RULES, text);
  if (named !== null) return named;
  const proxy = sentElsewhere(text);
  if (proxy !== null) return { cause: 'forward-proxy-unreachable', ...proxy, confidence: SURE };
  const status = statusMatch(text);
  if (status !== null) {
    return { cause: 'vcs-network', at: status.at, confidence: SURE, underlying: underStatus(status.status) };
  }
  const wire = networkMatch(text);
  if (wire !== null) {
    return wire.cause.startsWith('forward-proxy-') ? wire : { ...wire, cause: 'vcs-network', underlying: wire.cause };
  }
  // Git failed, and nothing that is known says why.
  const at = text.search(/fatal: |致命错误|exit status [1-9]/);
  return at < 0 ? null : { cause: 'vcs-network', at, confidence: 0.4 };
}

function underStatus(status: number): Cause {
  if (status === 429) return 'http-rate-limited';
  return status >= 500 ? 'http-server-error' : 'http-unexpected-status';
}

/** The host git was really sent to, when that is not the one of the repository: a proxy of its configuration. */
function sentElsewhere(text: string): { readonly proxy: string; readonly at: number } | null {
  const wanted = /(?:unable to access|无法访问) '[a-z+]+:\/\/(?:[^@/']*@)?([^/':]+)/i.exec(text)?.[1];
  const failed = /Failed to connect to (\S+) port (\d+)/.exec(text);
  const [, host, port] = failed ?? [];
  // An address of IPv6 is the repository's own: proxies are named by address too, but in brackets or as IPv4.
  if (wanted === undefined || failed === null || host === undefined || host === wanted || host.includes(':'))
    return null;
  return { proxy: `${host}:${port}`, at: failed.index };
}
