/** Where and how a command ran, as far as its output tells: a remedy depends on it. Pure. */
import { hostKind } from '../../shared/domain/host-kind.ts';
import { isGatewayPage } from '../../shared/domain/http-status.ts';
import type { Place, Situation } from '../../shared/domain/situation.ts';

interface Facts {
  /** The message itself. */
  readonly text: string;
  readonly place: Place;
  readonly host: string | undefined;
  readonly url: string | undefined;
}

/** Of a long output this much at each end is looked at. */
const MAX_LOOKED_AT = 20_000;

const PLACES: readonly (readonly [RegExp, Place])[] = [
  [/packages\.Load|\bgopls\b|tools? failed to install|Your workspace is misconfigured|\bsnapshot=\d/, 'editor'],
  [/==> (?:Installing|Downloading|Cloning|Fetching|go )|\bHomebrew\b|\bbrew (?:install|upgrade)/, 'homebrew'],
  [
    /failed to solve|The command '\/bin\/sh -c|^#\d+ |^[ \t]*Step \d+\/\d+|---> Running in|docker(?:-compose| build| compose)|\bRUN go\b|Dockerfile/m,
    'docker',
  ],
  [
    /##\[error\]|Process completed with exit code|\/home\/runner\/|\/builds\/|\/__w\/|ERROR: Job failed|\[Pipeline\]|\/jenkins\/|buildkite|hostedtoolcache|GITHUB_|\.github\.com\/.*actions\/runs|script returned exit code/i,
    'ci',
  ],
];

const LIMITS: readonly (readonly [RegExp, Situation['limit']])[] = [
  [/too many open files/i, 'files'],
  [/killed|\b137\b|memory|SIGKILL/i, 'memory'],
  [/timed out|timeout|time limit|maximum execution time|was canceled/i, 'time'],
];

/** Where a command ran, by all that it printed. */
export function placeOf(output: string): Place {
  const around =
    output.length <= 2 * MAX_LOOKED_AT ? output : `${output.slice(0, MAX_LOOKED_AT)}\n${output.slice(-MAX_LOOKED_AT)}`;
  return PLACES.find(([words]) => words.test(around))?.[1] ?? 'terminal';
}

/** Reads the situation of a message. */
export function situationOf({ text, place, host, url }: Facts): Situation {
  return {
    place,
    hostKind: host === undefined ? null : hostKind(host),
    isSsh:
      /\bssh: |(?<![\w.])git@(?!v\d)[\w.-]+[:/]|ssh:\/\/|publickey|Host key|kex_exchange|port 22\b/.test(text) ||
      (url ?? '').startsWith('ssh:'),
    isDiscovery: /\?go-get=1/.test(url ?? ''),
    isAbsent: /: (?:404|410) /.test(text),
    isIpv6: /\b(?:dial|read|write) (?:tcp|udp) \[?[0-9a-f]*:[0-9a-f:]+|Failed to connect to [0-9a-f]*:[0-9a-f:]+/i.test(
      text,
    ),
    isLoopbackResolver: /lookup \S+ on (?:\[::1\]|127\.\d+\.\d+\.\d+):53/.test(text),
    isReplace: /replacement directory|replaced by \.{1,2}\/|open \S*go\.mod: no such file/.test(text),
    declaredPath:
      /(?:declares its path as: |unexpected module path ")((?:[\w-]+\.)+[a-z]{2,}\/[\w.~/-]+)/.exec(text)?.[1] ?? null,
    isWindows: /\b[A-Za-z]:\\\\?\w|connectex: |wsarecv: |wsasend: |getaddrinfow: /.test(text),
    isOldTool: /used to build golangci-lint is lower than|golangci-lint[^\n]* built with go/.test(text),
    isInstall: /The go\.mod file for the module providing named packages contains/.test(text),
    isWorkspace: /cannot be run in workspace mode|listed in go\.work file|^\s*go work vendor\s*$/m.test(text),
    isGatewayPage: isGatewayPage(text),
    breaksZipRules: /create zip: |too large|file name collision|malformed file path/.test(text),
    isOldGo: /must match format|unknown (?:directive|block type): /.test(text),
    limit: LIMITS.find(([words]) => words.test(text))?.[1] ?? null,
    goVersion: /running go ?(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1] ?? null,
    wantedGo:
      /(?:requires go >= ?|requires at least Go |download(?:ing)? go|invalid go version '|requires Go |targeted Go version \(|invalid toolchain: go)(\d+\.\d+(?:\.\d+)?(?:rc\d+)?)/.exec(
        text,
      )?.[1] ?? null,
  };
}
