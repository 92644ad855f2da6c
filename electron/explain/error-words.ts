/** Whether a line speaks of a failure at all, whatever it is: an error that no rule reads must not pass in silence. Pure. */

/** What ends a failed command without saying why: make, Docker, CI runners, wrappers. */
const ECHO =
  /^(?:make(?:\[\d+\])?: \*\*\*|The command '|The process '|failed to solve\b|#\d+ ERROR|\s*=> ERROR |\s*> \[|-{4,}|Process completed with exit code|Process exited|exit(?:ed)? (?:status|code|with)\b[^:]{0,40}$|command terminated|Job failed|script returned exit code|Build step |buildx failed|failed to build: |executor failed|\d+ tools? failed to install|Installing \S+ FAILED|Failure while executing|go: error loading module requirements|(?:error: )?builder for |(?:error: )?\d+ dependenc|Cannot build |Reason: builder failed|For full logs|Last \d+ l|note: (?!module requires|imported by a module)|Traceback|File "|fail\("failed|FAIL\t|FAIL$|npm ERR!|The terminal process|Waiting \d+ seconds|target \S+: failed|error Command failed|Failed to download resource|Download failed: |An error occurred during the fetch of repository)|did not complete successfully: exit code|returned a non-zero code|failed with exit code|which failed to fetch/i;

/** Says only that something failed. */
export function isEcho(line: string): boolean {
  return ECHO.test(line) && !/(?:^|\s)go: \S+@v\d|Get "?https?:\/\//.test(line);
}

/** Words of success that look like words of failure. */
const HARMLESS =
  /^\s*(?:=== |--- (?:PASS|SKIP)|ok\s|PASS\b|\?\s+\S+\s+\[no test files\])|\b(?:0|no|zero|without) (?:errors?|failures?|failed|warnings?)\b|\b(?:errors?|failed|failures?): 0\b|(?<!\d)0 ?个(?:错误|失败|警告)|(?:错误|失败|警告)[:：]? ?0(?!\d)|(?:没有|无)(?:错误|失败|报错)|^\s*(?:\+ |\$ )?go (?:get|install|mod|build|test|list|vet)\b[^:\n]*$|^\s*#(?![^\n]{0,40}(?:[Ee]rror|报错|[错錯]误)[:：])|https?:\/\/\S+$|\bcache (?:entry |key )?(?:is |was )?(?:not found|missing)\b|\bnot found in (?:the )?cache\b|\/pkg\/tool\/\S{1,80} -|^\s*(?:func|type|var|return)\s[^:]|\bany errors?\b|^\s*[-*+] (?:Add|Allow|Avoid|Better|Bump|Change|Document|Fix|Handle|Improve|Make|Remove|Retry|Show|Support|Update)(?:e?[ds])?\s/i;

/** Paths of packages and modules alone, as `go build -v`, `go list` and `go mod graph` print them: words within are names. */
const PATHS =
  /^\s*[\w.~@!+-]{1,200}(?:\/[\w.~@!+-]{1,200}){1,30}(?:\s{1,8}(?:=>|v\d[\w.+-]{0,200}|[\w.~@!+-]{1,200}(?:\/[\w.~@!+-]{1,200}){1,30}))*\s*$/;

const STRONG =
  /\b(?:SECURITY ERROR|fatal|panic)\b|\bFAIL\b|(?:^|[\s"'([])(?:error|err|failed|failure)(?:[:!=]|\b\s*[-–])|\bERR(?:OR|O)?\b|\b(?:killed|denied|refused|failed|rejected|forbidden|unauthori[sz]ed|unreachable|mismatch|corrupt(?:ed)?|aborted|crashed)\b|\b(?:cannot|can't|couldn't|could not|unable to|not allowed|not permitted|not found|no such|no Go files|not a main package|too many|too large|out of memory|does not exist|doesn't exist|did not|is not (?:a|in|available|trusted|recognized|valid)|not available|unsupported|ambiguous|unrecognized|undefined:|invalid|malformed|missing|unexpected|misbehavior|timed out|timeout|deadline exceeded|time limit|no space|exceeded)\b|\bGet "?https?:\/\/\S+: \S|\bexit (?:status|code):? [1-9]|\bexit(?:ed)? with (?:code |status )?[1-9]|non-zero|\bError \d+$|[错錯]误|失败|无法|拒绝|超时|不存在|找不到|未找到|没有(?:那个|权限|空间)|权限不够|不是(?:内部|有效)/i;

/**
 * What packages testing, testify, Ginkgo and log print (`x_test.go:14: …`; `go` itself names a column, too), and the stack
 * of a panic.
 */
const OF_PROGRAM =
  /^\s*--- FAIL: |_test\.go:\d+(?!\d|:\d)|\bhttp: (?:TLS handshake error from |panic serving |proxy error: |Server closed)|^[\w.-]{1,80}\.go:\d{1,6}: |\btest timed out after \d|^\s*Error Trace:|^goroutine \d+ \[/m;

/** Ports of databases, queues and the like, which `go` and git have no business with. */
const OF_SERVICES =
  /\bdial (?:unix \S|(?:tcp|udp) \S{0,80}:(?:1433|1521|2181|2379|3306|4222|5432|5672|6379|9092|9200|11211|26257|27017|50051)\b)/;

/** Whether a test or a program of the project says it: what it met is the project's, whatever its words are. */
export function isOfProgram(text: string): boolean {
  return OF_PROGRAM.test(text) || OF_SERVICES.test(text);
}

const PASSES = /^(?:\s{0,16}--- PASS: |ok\s+\S+\s|PASS$)/gm;
const FAILS = /^\s{0,16}--- FAIL: |^FAIL\b|^panic: |^exit status [1-9]/m;

/** What was printed up to the last test that passed, when none failed: what tests log is no failure then. */
export function passedPart(output: string): string {
  if (FAILS.test(output)) return '';
  let end = 0;
  for (const { index } of output.matchAll(PASSES)) end = index;
  return output.slice(0, end);
}

/** A compiler's or vet's own form. */
const COMPILER = /^(?:vet: )?\.{0,2}[\w./\\-]{1,200}\.go:\d{1,7}(?::\d{1,7})?: /;

/** Whether a line speaks of an error. */
export function speaksOfError(line: string): boolean {
  if (HARMLESS.test(line) || PATHS.test(line)) return false;
  return STRONG.test(line) || COMPILER.test(line);
}

/** The line of several that decides: the last that speaks of an error and is no mere echo of it; null when none does. */
export function decidingLine(lines: readonly string[]): number | null {
  const speaks = lines.flatMap((line, i) => (speaksOfError(line) ? [i] : []));
  const telling = speaks.filter((i) => !isEcho(lines[i] ?? ''));
  const named = telling.find((i) => /\b(?:SECURITY ERROR|fatal|panic)\b|\berror:/i.test(lines[i] ?? ''));
  return named ?? telling[0] ?? speaks[0] ?? null;
}
