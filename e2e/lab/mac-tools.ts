/**
 * A folder of stand-ins for macOS's tools: executables that play recorded outputs, with their exit codes, delays and
 * refusals, through the real process runner. Each call is noted in `calls`.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'macos');

/** What a call of a tool prints: the words of its arguments, a recording (or a text), its exit code. */
export interface Play {
  /** A shell pattern over the arguments, joined by blanks. */
  readonly when: string;
  /** A file of the recordings. */
  readonly file?: string;
  readonly text?: string;
  readonly exitCode?: number;
  readonly toStderr?: boolean;
  readonly sleepSeconds?: number;
}

export type Tools = Readonly<Record<string, readonly Play[]>>;

/** How the administrator prompt ends. */
export type Prompt = 'accepted' | 'cancelled' | 'bad-password' | 'silent';

/** A Mac at rest, with pf enabled and blocking what the recording says. */
export function defaultTools(rules = 'pfctl-sr.blocking-443.txt'): Tools {
  return {
    '/usr/bin/sw_vers': [{ when: '*', file: 'sw_vers.26.txt' }],
    '/usr/sbin/scutil': [
      { when: '--dns', file: 'scutil-dns.home.txt' },
      { when: '--proxy', file: 'scutil-proxy.http-scoped.txt' },
      { when: '--nc list', file: 'scutil-nc-list.mixed.txt' },
    ],
    '/usr/sbin/networksetup': [
      { when: '-listallnetworkservices', file: 'networksetup-listallnetworkservices.txt' },
      { when: '-getdnsservers Wi-Fi', file: 'networksetup-getdnsservers.two.txt' },
      { when: '*', file: 'networksetup-getdnsservers.none.txt' },
    ],
    '/usr/bin/codesign': [{ when: '*', file: 'codesign-dv.devid.txt', toStderr: true }],
    '/sbin/route': [{ when: '*', file: 'route-get-default.en0.txt' }],
    '/usr/bin/systemextensionsctl': [{ when: '*', file: 'systemextensionsctl-list.lulu-11.txt' }],
    '/usr/libexec/ApplicationFirewall/socketfilterfw': [
      { when: '--getglobalstate', text: 'Firewall is enabled. (State = 1)\n' },
      { when: '--getblockall', text: 'Firewall has block all state set to disabled.\n' },
      { when: '--getstealthmode', text: 'Firewall stealth mode is on\n' },
      { when: '*', text: 'Automatically allow built-in signed software ENABLED.\n' },
    ],
    '/sbin/pfctl': [
      { when: '-s info', file: 'pfctl-si.enabled.txt' },
      { when: '-v -s rules', file: rules },
      { when: '-s nat', file: 'pfctl-sn.default.txt' },
      { when: '-v -s Interfaces', file: 'pfctl-vsI.skip.txt' },
      { when: '-s References', file: 'pfctl-references.two.txt' },
      {
        when: '-v -s Anchors',
        text: '  com.apple\n  com.apple/250.ApplicationFirewall\n  $(touch pwned)\n  evil`id`\n',
      },
      { when: '-a com.apple -s rules', text: 'anchor "*" all\n' },
      { when: '-a com.apple/250.ApplicationFirewall -s rules', file: 'pfctl-sr.anchor.appfirewall-stealth.txt' },
      { when: '-s Tables', text: 'blocklist\n' },
      { when: '-t blocklist -T show', file: 'pfctl-t-show.blocklist.txt' },
    ],
  };
}

/** Writes the tools below a folder; `calls` there lists what was called. */
export function installTools(root: string, tools: Tools, prompt: Prompt = 'accepted'): void {
  for (const [path, plays] of Object.entries(tools)) executable(join(root, path), playing(root, path, plays));
  executable(join(root, '/usr/bin/osascript'), asking(root, prompt));
}

function playing(root: string, path: string, plays: readonly Play[]): string {
  const cases = plays.map(({ when, file, text, exitCode = 0, toStderr = false, sleepSeconds = 0 }, i) => {
    const output = join(root, `${path.replaceAll('/', '_')}.${i}`);
    mkdirSync(root, { recursive: true });
    writeFileSync(output, file === undefined ? (text ?? '') : readFileSync(join(FIXTURES, file)));
    const pattern = when === '*' ? '*' : quoted(when);
    return `${pattern}) ${sleepSeconds > 0 ? `sleep ${sleepSeconds}; ` : ''}cat ${quoted(output)} ${toStderr ? '>&2' : ''}; exit ${exitCode} ;;`;
  });
  return `printf '%s %s\\n' ${quoted(path)} "$*" >>${quoted(join(root, 'calls'))}\ncase "$*" in\n${cases.join('\n')}\nesac\nexit 64\n`;
}

/** What macOS does once a person has answered: the words after `--` become one shell command, each of them quoted. */
function asking(root: string, prompt: Prompt): string {
  const note = `printf 'osascript\\n' >>${quoted(join(root, 'calls'))}\n`;
  if (prompt === 'silent') return `${note}sleep 600\n`;
  if (prompt !== 'accepted') {
    const file = prompt === 'cancelled' ? 'osascript.cancel.txt' : 'osascript.bad-password.txt';
    return `${note}cat ${quoted(join(FIXTURES, file))} >&2; exit 1\n`;
  }
  return `${note}while [ "$1" != -- ]; do shift; done; shift\nscript=$1; shift\nexec /bin/sh -c "$script" gopherbar "$@"\n`;
}

function executable(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}`);
  chmodSync(path, 0o755);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Adds a tcpdump that notes how it was called (`called`, a word a line), plays a capture, and then records on until it is
 * stopped, or does `more`.
 */
export function installTcpdump(root: string, capture: Uint8Array, more = 'exec sleep 60'): void {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'capture'), capture);
  const script = `printf '%s\\n' "$@" >${quoted(join(root, 'called'))}\ncat ${quoted(join(root, 'capture'))}\n${more}\n`;
  executable(join(root, 'usr', 'sbin', 'tcpdump'), script);
}
