/** Every function that reads text or bytes of strangers, by name: what `npm run long -- redos` attacks. */

import { hashInGoSum } from '../../electron/arbiter/judge-hashes.ts';
import { CaptureAnalysis } from '../../electron/capture/capture.ts';
import { parseCertificates } from '../../electron/capture/certificate.ts';
import { KeyLog } from '../../electron/capture/decrypt/key-log.ts';
import { parseClientHello } from '../../electron/capture/hello.ts';
import { answerIn, requestIn } from '../../electron/capture/stream-parser.ts';
import { terminalText, withoutSequences } from '../../electron/cli/terminal-text.ts';
import { cut, oneLine, textWidth } from '../../electron/cli/text-width.ts';
import { explainedLines } from '../../electron/doctor/explained-lines.ts';
import { scrubber } from '../../electron/doctor/scrub.ts';
import { readTarget } from '../../electron/doctor/target.ts';
import { explain } from '../../electron/explain/explain.ts';
import { LogReader } from '../../electron/explain/explain-log.ts';
import { readInfo, readList } from '../../electron/gateway/judge-answer.ts';
import { parseRoute } from '../../electron/gateway/route.ts';
import { parseLookup } from '../../electron/integrity/lookup.ts';
import { parseTreeHead } from '../../electron/integrity/tree-head.ts';
import { parseGosumdb, parseVerifierKey } from '../../electron/integrity/verifier-key.ts';
import { parseOutput } from '../../electron/macos/parse-command.ts';
import { readTccDump } from '../../electron/macos/tcc.ts';
import { classifyStatus } from '../../electron/probe/classify.ts';
import { goImports, knownRepository } from '../../electron/probe/go-import.ts';
import {
  bodyStart,
  checkInfo,
  checkLatest,
  checkList,
  checkMissing,
  checkMod,
} from '../../electron/probe/goproxy-responses.ts';
import { retryAfterMs } from '../../electron/probe/retry-after.ts';
import { assignmentsIn, sourcedFile } from '../../electron/profile/effective/shell-files.ts';
import { tracedPlaces } from '../../electron/profile/effective/shell-trace.ts';
import { lintGoproxy } from '../../electron/profile/lint-goproxy.ts';
import { parseGoSum, parseModFile } from '../../electron/profile/preflight/go-mod.ts';
import { compareGo } from '../../electron/profile/preflight/project.ts';
import {
  gatewayFromIp,
  gatewayFromRoute,
  macFromArp,
  macFromNeighbours,
} from '../../electron/system/network-identity.ts';
import { envFileValue } from '../../electron/toolchain/env-file-lines.ts';
import { parseGitList } from '../../electron/toolchain/git-config.ts';
import { parseGitCredential } from '../../electron/toolchain/git-credential.ts';
import { parseNetrc } from '../../electron/toolchain/netrc.ts';
import { diagnose } from '../../electron/trace/diagnose.ts';
import { parseTraceLine, withoutSecrets } from '../../electron/trace/trace-line.ts';
import { importProfiles } from '../../shared/contract/profile-exchange.ts';
import { parseModuleVersion } from '../../shared/domain/endpoint.ts';
import { gitKey } from '../../shared/domain/git-setting.ts';
import { parseGoauth } from '../../shared/domain/goauth.ts';
import { displayName, parseGoproxyList, redactUrl, redactUrls } from '../../shared/domain/goproxy-list.ts';
import { httpOriginOf } from '../../shared/domain/host.ts';
import { isModuleVersion } from '../../shared/domain/module-path.ts';
import { matchesPatterns } from '../../shared/domain/module-patterns.ts';
import { parseQuietHours } from '../../shared/domain/quiet-hours.ts';
import { hideSecrets } from '../../shared/domain/secrets.ts';
import { shellCommand } from '../../shared/domain/shell-command.ts';
import { markdownCode, markdownText } from '../../shared/messages/markdown.ts';
import { readTrace } from './saved-trace.ts';

const MODULE = { path: 'example.com/m', version: 'v1.0.0' };
const bytes = (text: string) => Buffer.from(text);

/** macOS's commands whose outputs are read (electron/macos/parse-command.ts). */
const COMMANDS = [
  'pfctl -s info',
  'pfctl -s rules',
  'pfctl -s References',
  'pfctl -s Anchors',
  'pfctl -s Tables',
  'pfctl -s all',
  'pfctl -s Interfaces -v',
  'pfctl -t x -T show',
  'pfctl -E',
  'scutil --dns',
  'scutil --proxy',
  'scutil --nc list',
  'netstat -rn',
  'route -n get 192.0.2.1',
  'networksetup -listallnetworkservices',
  'networksetup -getwebproxy Wi-Fi',
  'networksetup -getdnsservers Wi-Fi',
  'networksetup -getautoproxyurl Wi-Fi',
  'networksetup -getsearchdomains Wi-Fi',
  'systemextensionsctl list',
  'sw_vers',
  'codesign -dv /Applications/A.app',
  'osascript -e x',
  'tccutil reset X y',
  '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate',
  '/usr/libexec/ApplicationFirewall/socketfilterfw --listapps',
  'tcpdump -r x',
] as const;

const scrub = scrubber({
  home: '/home/me',
  user: 'me',
  privateGlobs: 'git.corp.test,*.acme.cn',
  privateHosts: ['x.test'],
});

/** Reads a text; whatever it gives is dropped. Never throws but for a defect. */
export type ForeignReader = (text: string) => void;

/** All of them by name. */
export const FOREIGN_READERS: Readonly<Record<string, ForeignReader>> = {
  explain: (text) => void explain(text),
  'explain, as a log': (text) => {
    const reader = new LogReader();
    for (let at = 0; at < text.length; at += 1_000) reader.add(text.slice(at, at + 1_000));
    reader.end();
  },
  'explained lines': (text) => void explainedLines(explain(text)),
  'saved trace': (text) => void diagnose(readTrace(text)),
  'trace line': (text) => void parseTraceLine(text),
  'trace line without secrets': (text) => void withoutSecrets(text),
  secrets: (text) => void hideSecrets(text),
  'password of a URL': (text) => void redactUrl(text),
  'passwords in a text': (text) => void redactUrls(text),
  scrub: (text) => void scrub(text),
  'name of a proxy': (text) => void displayName(text),
  'GOPROXY list': (text) => void parseGoproxyList(text),
  'lint of a GOPROXY': (text) =>
    void lintGoproxy({
      variables: { GOPROXY: text },
      proxies: [],
      viewOf: () => undefined,
      uptimeOf: () => null,
    } as unknown as Parameters<typeof lintGoproxy>[0]),
  origin: (text) => void httpOriginOf(text),
  'go-import page': (text) => void goImports(text),
  'known repository': (text) => void knownRepository(text),
  'version info': (text) => void checkInfo(bytes(text), MODULE),
  latest: (text) => void checkLatest(bytes(text)),
  list: (text) => void checkList(bytes(text), MODULE),
  'go.mod of a proxy': (text) => void checkMod(bytes(text), MODULE),
  'missing module': (text) => void checkMissing(404, bytes(text)),
  'start of a body': (text) => void bodyStart(bytes(text)),
  'refused status': (text) => void classifyStatus(403, text),
  'Retry-After': (text) => void retryAfterMs(text, 0),
  'gateway: list': (text) => void readList(bytes(text)),
  'gateway: info': (text) => void readInfo(bytes(text)),
  'gateway: request': (text) => void parseRoute(`/${text}`, ['sum.golang.org']),
  'tree head': (text) => void parseTreeHead(text),
  'database record': (text) => void parseLookup(bytes(text)),
  'verifier key': (text) => void parseVerifierKey(text),
  GOSUMDB: (text) => void parseGosumdb(text),
  'GOSUMDB with a URL': (text) => void parseGosumdb(`sum.golang.org ${text}`),
  GOAUTH: (text) => void parseGoauth(text),
  'patterns of modules': (text) => void matchesPatterns('*.corp.example,example.com/a*b*c*d*e', text),
  'module patterns of a stranger': (text) => void matchesPatterns(text, 'example.com/aaaaaaaaaaaaaaaaaaaaaaaa/b'),
  'module@version': (text) => void parseModuleVersion(text),
  'module path': (text) => void isModuleVersion({ path: text, version: text }),
  'quiet hours': (text) => void parseQuietHours(text),
  'git key': (text) => void gitKey(text),
  'git config': (text) => void parseGitList(text),
  'git credential': (text) => void parseGitCredential(text),
  netrc: (text) => void parseNetrc(text),
  'env file': (text) => void envFileValue(text, 'GOPROXY'),
  'go.mod': (text) => void parseModFile(text),
  'go.sum': (text) => void parseGoSum(text),
  'hash in go.sum': (text) => void hashInGoSum(text, MODULE),
  'Go version': (text) => void compareGo(text, '1.21'),
  'shell trace': (text) => void tracedPlaces(text, ['GOPROXY', 'GOFLAGS']),
  'shell file': (text) => {
    for (const line of text.split('\n')) {
      assignmentsIn(line, ['GOPROXY', 'GOFLAGS']);
      sourcedFile(line, '/home/me');
    }
  },
  'profiles to import': (text) => void importProfiles(text),
  'target of the doctor': (text) => void readTarget(text, []),
  'route (macOS)': (text) => void gatewayFromRoute(text),
  'route (Linux)': (text) => void gatewayFromIp(text),
  neighbours: (text) => void macFromNeighbours(text),
  arp: (text) => void macFromArp(text),
  'TCC dump': (text) => void readTccDump(text),
  'text for a terminal': (text) => void terminalText(text),
  'text without sequences': (text) => void withoutSequences(text),
  'width of a text': (text) => void [textWidth(text), cut(text, 40), oneLine(text)],
  markdown: (text) => void [markdownText(text), markdownCode(text)],
  'shell command': (text) => void shellCommand('curl', ['-v', '--', text]),
  'HTTP request in a capture': (text) => void requestIn(text),
  'HTTP answer in a capture': (text) => void answerIn(text),
  'key log': (text) => void new KeyLog().add(text),
  'client hello': (text) => void parseClientHello(bytes(text), text.length),
  certificates: (text) => void parseCertificates(bytes(text), 'example.com'),
  packets: (text) => {
    const analysis = new CaptureAnalysis();
    const all = bytes(text);
    for (let at = 0; at < all.length; at += 100)
      analysis.addRaw({ atMs: at, linkType: 101, bytes: all.subarray(at, at + 100), timed: true });
    analysis.report([]);
  },
  ...Object.fromEntries(COMMANDS.map((command) => [command, (text: string) => void parseOutput(command, text)])),
};
