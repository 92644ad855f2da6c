/**
 * Lines that show that the code itself failed, whatever else an output holds: compilers, linkers, tests, panics.
 * Sources: cmd/compile and go/scanner (`FILE:LINE:COL: MESSAGE`), cmd/go/internal/test, package testing, runtime.
 */
import { explain } from '../explain/explain.ts';

/** `--- FAIL: TestX`, a package whose tests ran and failed, a panic, a race, a linker. */
const FAILED = [
  /^\s*--- FAIL: /,
  /^FAIL\t\S+\t[\d.]+s/,
  /^panic: /,
  /^fatal error: /,
  /^WARNING: DATA RACE/,
  /^collect2: error: /,
  /\bundefined reference to /,
  /^\S*\bld: cannot find /,
];

/** A place in a source file. `go` names one for a package that it cannot load, too: the rest of the line decides. */
const SOURCE_LINE = /^(?:vet: )?\S+\.(?:go|c|cc|cpp|cxx|h|m|s|S):\d+(?::\d+)?: /;

/** Whether a line shows a failure of the code. `go test` prints "[setup failed]" for what it could not download. */
export function showsCodeFailure(line: string): boolean {
  if (FAILED.some((pattern) => pattern.test(line))) return true;
  if (!SOURCE_LINE.test(line)) return false;
  const [finding] = explain(line);
  return finding === undefined || finding.cause === 'unknown';
}
