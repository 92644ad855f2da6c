/** What terminals, build systems, loggers, chats and editors put before a line. Pure; every pattern is anchored and bounded. */

/**
 * One mark at the beginning of a line. Lines of CI systems carry several ("2024-01-10T08:00:00Z ##[error]go: …"), so it
 * is applied until none is left.
 */
const MARK = new RegExp(
  `^(?:${[
    // Any label in brackets: dpkg, OBS, Jenkins, kubectl logs --prefix, TeamCity, Tekton, gopls ("[Error - 7:22:44 PM]").
    String.raw`\[[^\]\n]{1,80}\]:?\s?`,
    // Dates: Go's log, ISO 8601 (GitHub Actions, GitLab with its "01O"), Python logging.
    String.raw`\d{4}[/-]\d\d[/-]\d\d[T ]\d\d:\d\d:\d\d\S{0,16}\s{1,6}(?:\d\d[OE]\+? )?`,
    String.raw`\d\d[OE]\+? `,
    // Container runtimes (CRI): "stderr F …".
    'std(?:out|err) [FP] ',
    // syslog, klog, a short date.
    String.raw`[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \S{1,80} \S{1,80}\[\d{1,9}\]: `,
    String.raw`[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,9})?\s{1,4}`,
    String.raw`[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,9} +\d{1,9} \S{1,80}\] `,
    // A time of day, also in parentheses (Bazel).
    String.raw`\(?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\)?:?\s`,
    // BuildKit: "#14 0.397 …", "0.397 …", "=> => # …".
    String.raw`#\d{1,5} \d{1,6}\.\d{1,3} `,
    String.raw`\d{1,6}\.\d{1,3} `,
    String.raw`\s{0,4}=> => # `,
    // Compose, Earthly, Nix ("go-modules> …"), Vagrant, Terraform, Packer, Git push output of a platform.
    String.raw`\+?[\w./:*-]{1,60} {0,20}\| {0,4}`,
    String.raw`[\w.+-]{2,60}> (?=\S)`,
    String.raw`\s{0,8}default: `,
    String.raw`[\w.[\]"-]{1,80} \((?:local|remote)-exec\): `,
    String.raw`(?:==>|remote:) {1,12}(?=(?:go|verifying|fatal|error)(?:: | \S))`,
    // Workflow commands and runners.
    String.raw`##\[(?:error|warning|group|command|section|debug)\]`,
    String.raw`::(?:error|warning)(?: [^:\n]{1,200})?::`,
    // Words for a level or a stream, also of logrus ("ERRO[0012]").
    String.raw`(?:ERRO|FATA|WARN|INFO|DEBU|TRAC)\[\d{1,9}\]\s{1,4}`,
    String.raw`(?:exit status \d{1,3}: )?(?:stderr|stdout): ?`,
    String.raw`(?:[Ee]rror|ERROR|err|ERR|ERRO|FATAL|FATA|[Ww]arn(?:ing)?|WARN(?:ING)?|[Ii]nfo|INFO|[Cc]ritical|CRITICAL|panic)(?: -|[:=])\s{1,6}`,
    String.raw`(?:ERROR|ERRO|FATAL|FATA|CRITICAL|WARN|INFO)\s{1,6}`,
    // Ansible: what follows is JSON.
    String.raw`fatal: \[[^\]\n]{1,80}\]: (?:FAILED|UNREACHABLE)! => `,
    // The number of a line, which a copied page has joined to it.
    String.raw`\d{1,4}(?=(?:go|fatal): )`,
    // The name of a job in angle brackets (Dependabot).
    String.raw`<[\w:.-]{2,60}>\s(?=\S|\s)`,
    // Quotations and frames.
    String.raw`\s{0,12}[>|│┃╎\`•⨯✗✘]\s{0,4}`,
    String.raw`\s{0,6}\*\*(?=\S)`,
  ].join('|')})`,
);

/** Those that say themselves that the line tells of a failure. */
const ERROR_MARK = /^(?:\[?(?:error|erro|fatal|fata|critical|panic|err)\b|##\[error|::error|E\d{4} |F\d{4} |⨯|✗|✘)/i;

/** Warnings of `go` begin like a level and are messages of their own. */
const KEEP = /^(?:warning: (?:go env|verifying|pattern|ignoring|")|info\/refs)/i;

/** More of them stand before no line. */
const MAX_MARKS = 10;

/** A line without what was put before it. */
export interface Unmarked {
  readonly rest: string;
  /** A mark said that it tells of a failure (`ERROR`, `##[error]`, `level=error`). */
  readonly isError: boolean;
  readonly hasMark: boolean;
}

/** Takes the marks off a line. */
export function unmark(line: string): Unmarked {
  let rest = line;
  let isError = false;
  let count = 0;
  for (; count < MAX_MARKS && !KEEP.test(rest); count += 1) {
    const mark = MARK.exec(rest)?.[0];
    if (mark === undefined) break;
    isError ||= ERROR_MARK.test(mark.trimStart());
    rest = rest.slice(mark.length);
    // A cell of a table.
    if (mark.trim() === '|') rest = rest.replace(/\s{1,200}\|$/, '');
  }
  return { rest, isError, hasMark: count > 0 };
}
