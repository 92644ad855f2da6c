/**
 * What the kernel's error says about who stopped a connection on a Mac, and who cannot have (xnu: ip_output.c, necp.c,
 * content_filter.c, route.c).
 */
import { isIP } from 'node:net';

const SUSPECTS = [
  'pf-block-drop',
  'pf-block-return',
  'pf',
  'local-network-privacy',
  'missing-route',
  'vpn-or-filter-policy',
  'content-filter',
  'dns',
  'remote-filtering',
  'remote-peer',
  'transparent-proxy',
  'nothing-listening',
  'dead-local-proxy',
  'host-down',
  'dead-gateway',
  'file-privacy',
  'sandbox',
  'tcc',
  'application-firewall',
] as const;
/** Who may have stopped a connection. */
export type Suspect = (typeof SUSPECTS)[number];

/** Which parties an error makes suspect, and which it clears. */
export interface Suspicion {
  readonly errno: string | null;
  readonly kind: 'timeout' | 'refused' | 'reset' | 'eof' | 'unreachable' | 'name' | 'filter' | 'permission' | 'unknown';
  readonly suspects: readonly Suspect[];
  /** Naming one of these would be wrong. */
  readonly notSuspects: readonly Suspect[];
  readonly onlyIf: string | null;
  /** The app that the tool was judged by, when the text or command names one. */
  readonly responsibleApp: string | null;
  /** An app from which the same works, by the rules of Local Network privacy. */
  readonly worksFrom: string | null;
}

/** What is known of a failure. */
export interface Symptom {
  /** Errno name, such as EHOSTUNREACH; `timeout`, `eof` and `name` where there is none. */
  readonly errno: string;
  readonly address: string | null;
  /** EPERM of a path, not of a connection. */
  readonly isPath?: boolean | undefined;
}

const NEVER_TCC: readonly Suspect[] = ['tcc', 'application-firewall'];

/** Pure. */
export function suspectsOf({
  errno,
  address,
  isPath = false,
}: Symptom): Omit<Suspicion, 'responsibleApp' | 'worksFrom'> {
  const say = (
    kind: Suspicion['kind'],
    suspects: readonly Suspect[],
    notSuspects: readonly Suspect[],
    onlyIf: string | null = null,
  ) => ({ errno: /^E[A-Z]+$/.test(errno) ? errno : null, kind, suspects, notSuspects, onlyIf });
  const isLan = address !== null && isLanAddress(address);
  const isSix = address !== null && isIP(address) === 6;
  switch (errno) {
    case 'EHOSTUNREACH':
      if (isLan) {
        const onlyIf = 'destination is on a directly attached network and macOS >= 15';
        const suspects: Suspect[] = ['local-network-privacy', 'missing-route', 'vpn-or-filter-policy'];
        return say(
          'unreachable',
          isSix ? [...suspects, 'pf-block-drop'] : suspects,
          isSix ? NEVER_TCC : ['pf', ...NEVER_TCC],
          onlyIf,
        );
      }
      return say(
        'unreachable',
        ['missing-route', 'dead-gateway', 'vpn-or-filter-policy', ...(isSix ? (['pf-block-drop'] as const) : [])],
        ['local-network-privacy', ...(isSix ? [] : (['pf'] as const)), ...NEVER_TCC],
      );
    case 'ENETUNREACH':
      return say('unreachable', ['missing-route', 'vpn-or-filter-policy'], ['local-network-privacy', ...NEVER_TCC]);
    case 'EHOSTDOWN':
      return say('unreachable', ['host-down'], ['pf', 'local-network-privacy', ...NEVER_TCC]);
    case 'ETIMEDOUT':
    case 'timeout':
      return say('timeout', ['pf-block-drop', 'remote-filtering'], ['local-network-privacy', ...NEVER_TCC]);
    case 'ECONNREFUSED':
      return say(
        'refused',
        isLoopback(address) ? ['dead-local-proxy', 'nothing-listening'] : ['nothing-listening', 'pf-block-return'],
        NEVER_TCC,
      );
    case 'ENOTCONN':
    case 'EPIPE':
    case 'EBADF':
      return say('filter', ['content-filter'], ['pf', 'local-network-privacy', ...NEVER_TCC]);
    case 'ECONNRESET':
    case 'ECONNABORTED':
      return say('reset', ['remote-filtering', 'transparent-proxy'], ['local-network-privacy', ...NEVER_TCC]);
    case 'eof':
      return say(
        'eof',
        ['remote-peer', 'transparent-proxy'],
        ['pf', 'content-filter', 'local-network-privacy', ...NEVER_TCC],
      );
    case 'name':
      return say('name', ['content-filter', 'dns'], ['tcc']);
    case 'EPERM':
    case 'EACCES':
      return isPath
        ? say('permission', ['file-privacy'], ['pf', 'local-network-privacy', 'content-filter', 'application-firewall'])
        : say('permission', ['sandbox', 'vpn-or-filter-policy'], ['tcc', 'pf', 'application-firewall']);
    default:
      return say('unknown', [], NEVER_TCC);
  }
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/no route to host/i, 'EHOSTUNREACH'],
  [/network is unreachable/i, 'ENETUNREACH'],
  [/host is down/i, 'EHOSTDOWN'],
  [/connection refused/i, 'ECONNREFUSED'],
  [/could not resolve host|no such host|nodename nor servname/i, 'name'],
  [/socket is not connected/i, 'ENOTCONN'],
  [/broken pipe/i, 'EPIPE'],
  [/bad file descriptor/i, 'EBADF'],
  [/connection reset by peer/i, 'ECONNRESET'],
  [/operation not permitted/i, 'EPERM'],
  [/i\/o timeout|timed out|timeout was reached/i, 'timeout'],
  [/\bEOF\b|empty reply from server/, 'eof'],
];

/** The same from the words of a program; `command` may name the app that started it. Total. */
export function suspectsInText(text: string, command = ''): Suspicion {
  const said = text.slice(0, 100_000);
  const errno = WORDS.find(([pattern]) => pattern.test(said))?.[1] ?? '';
  const address = /\b(?:\d{1,3}\.){3}\d{1,3}\b/.exec(said)?.[0] ?? /\[([0-9a-f:]{3,})\]/i.exec(said)?.[1] ?? null;
  const isPath =
    /(?:open|stat|mkdir|read|write|unlink|create) \/|\/[^\s:]+: (?:cannot open: )?operation not permitted/i.test(said);
  const found = suspectsOf({ errno, address, isPath });
  const responsibleApp = appIn(`${command}\n${said}`);
  const isExempt = responsibleApp !== null && responsibleApp !== 'com.apple.Terminal';
  const lan = found.suspects.includes('local-network-privacy');
  return {
    ...found,
    // From an app that is judged by itself the others are less likely: the route was good where the tool works.
    suspects: lan && isExempt ? ['local-network-privacy'] : found.suspects,
    responsibleApp,
    worksFrom: lan && isExempt ? 'com.apple.Terminal' : null,
  };
}

const APPS: readonly (readonly [RegExp, string])[] = [
  [/\bVS ?Code\b|Visual Studio Code/i, 'com.microsoft.VSCode'],
  [/\biTerm2?\b/i, 'com.googlecode.iterm2'],
  [/\bGoLand\b/i, 'com.jetbrains.goland'],
  [/\bGhostty\b/i, 'com.mitchellh.ghostty'],
  [/\bWarp\b/, 'dev.warp.Warp-Stable'],
  [/\bCursor\b/, 'com.todesktop.230313mzl4w4u92'],
  [/\bZed\b/, 'dev.zed.Zed'],
  [/\bkitty\b/, 'net.kovidgoyal.kitty'],
  [/\bWezTerm\b/i, 'com.github.wez.wezterm'],
  [/\bAlacritty\b/i, 'org.alacritty'],
  [/\bTerminal\.app\b/, 'com.apple.Terminal'],
];

function appIn(text: string): string | null {
  return APPS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Addresses that a directly attached network may have. */
function isLanAddress(address: string): boolean {
  return (
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)/.test(address) || /^(?:fe80|f[cd])/i.test(address)
  );
}

function isLoopback(address: string | null): boolean {
  return address !== null && /^127\.|^::1$/.test(address);
}
