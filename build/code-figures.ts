/**
 * Measures the code: sizes of files and functions, documentation, escapes from the type system, tests per line of source.
 *
 *   npm run figures:code              prints a table and writes docs/figures/code.json
 *   node build/code-figures.ts --check   exit 1 when a source file is too long; writes nothing
 *
 * Source is what ships: no test, no fixture. A function is a declaration, method, accessor, constructor or function
 * expression, or an arrow function with a body in braces. Documented is an exported statement right after a comment.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';

const root = dirname(import.meta.dirname);
/** The rule for files outside tests and fixtures, in lines. */
const MAX_LINES = 400;
/** Tests per line of source outside the user interface. */
const GOAL = 0.6;
/** A function of more lines than this is a long one. */
const LONG_FUNCTION = 60;

interface CodeFile {
  readonly path: string;
  readonly lines: number;
  readonly isTest: boolean;
  readonly commentLines: number;
  /** Lines of each function. */
  readonly functions: readonly number[];
  readonly exported: number;
  readonly documented: number;
  readonly anys: number;
  /** Files of the project that it imports. */
  readonly imports: readonly string[];
}

interface Figures {
  readonly files: number;
  readonly lines: number;
  readonly mean: number;
  readonly median: number;
  readonly p90: number;
  readonly max: number;
  readonly commentPercent: number;
  readonly functionLines: { readonly median: number; readonly p90: number; readonly max: number };
  readonly longFunctionsPercent: number;
  readonly documentedPercent: number;
  readonly anysPerThousandLines: number;
  readonly testLines: number;
  readonly testsPerLine: number;
  /** Source files that no test imports by name. */
  readonly filesWithoutDirectTest: number;
}

function listFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  return listed
    .toString('utf8')
    .split('\0')
    .filter((path) => /\.(?:ts|tsx|mjs)$/.test(path) && !/(?:^|\/)fixtures\/|\.d\.ts$/.test(path));
}

/** Begin of each line, as offsets. */
function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function measure(path: string): CodeFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { program, comments } = parseSync(path, text);
  const starts = lineStarts(text);
  const span = ({ start, end }: { readonly start: number; readonly end: number }) =>
    lineAt(starts, end) - lineAt(starts, start) + 1;
  const functions: number[] = [];
  let anys = 0;
  const note = (node: { readonly start: number; readonly end: number }) => functions.push(span(node));
  new Visitor({
    FunctionDeclaration: note,
    // Methods, accessors and constructors are function expressions below their name.
    FunctionExpression: note,
    ArrowFunctionExpression: (node) => node.body.type === 'BlockStatement' && note(node),
    TSAnyKeyword: () => {
      anys += 1;
    },
  }).visit(program);
  const commentEnds = new Set(comments.map(({ end }) => text.slice(0, end).length));
  const exports = program.body.filter(
    (node) => /^Export(?:Named|Default)/.test(node.type) && !('source' in node && node.source !== null),
  );
  const isDocumented = ({ start }: { readonly start: number }) =>
    commentEnds.has(text.slice(0, start).trimEnd().length);
  const imports = program.body.flatMap((node) => {
    const source = 'source' in node ? node.source?.value : undefined;
    return source?.startsWith('.') === true ? [normalize(join(dirname(path), source))] : [];
  });
  return {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    isTest: /\.test\.tsx?$/.test(path),
    commentLines: comments.reduce((sum, one) => sum + span(one), 0),
    functions,
    exported: exports.length,
    documented: exports.filter(isDocumented).length,
    anys,
    imports,
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function round(value: number, digits = 2): number {
  return Number.isFinite(value) ? Math.round(value * 10 ** digits) / 10 ** digits : 0;
}

function figuresOf(files: readonly CodeFile[], tested: ReadonlySet<string>): Figures {
  const source = files.filter(({ isTest }) => !isTest);
  const sum = (read: (file: CodeFile) => number, of = source) => of.reduce((total, file) => total + read(file), 0);
  const sizes = source.map(({ lines }) => lines).sort((a, b) => a - b);
  const functions = source.flatMap((file) => file.functions).sort((a, b) => a - b);
  const lines = sum((file) => file.lines);
  const testLines = sum(
    (file) => file.lines,
    files.filter(({ isTest }) => isTest),
  );
  return {
    files: source.length,
    lines,
    mean: round(lines / source.length, 0),
    median: quantile(sizes, 0.5),
    p90: quantile(sizes, 0.9),
    max: sizes.at(-1) ?? 0,
    commentPercent: round((100 * sum((file) => file.commentLines)) / lines, 1),
    functionLines: { median: quantile(functions, 0.5), p90: quantile(functions, 0.9), max: functions.at(-1) ?? 0 },
    longFunctionsPercent: round((100 * functions.filter((one) => one > LONG_FUNCTION).length) / functions.length, 1),
    documentedPercent: round((100 * sum((file) => file.documented)) / sum((file) => file.exported), 0),
    anysPerThousandLines: round((1_000 * sum((file) => file.anys)) / lines),
    testLines,
    testsPerLine: round(testLines / lines),
    filesWithoutDirectTest: source.filter(({ path }) => !tested.has(path)).length,
  };
}

/** The folders that are measured apart: `electron/probe`, `shared/domain`, `renderer` … */
function folderOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] === 'electron' || parts[0] === 'shared')
    return parts.length > 2 ? parts.slice(0, 2).join('/') : parts[0];
  return parts[0] ?? '';
}

/** All that has no window and no page. */
function isOutsideUi(path: string): boolean {
  return /^(?:shared|electron)\//.test(path) && !/^electron\/(?:app\/|main\.ts|preload\.ts)/.test(path);
}

const files = listFiles().map(measure);
const tooLong = files.filter(
  ({ path, lines, isTest }) => !isTest && lines > MAX_LINES && /^(?:electron|shared|renderer|build)\//.test(path),
);
for (const { path, lines } of tooLong)
  console.error(`${path}: ${lines} lines, at most ${MAX_LINES}: split it by concept`);

if (process.argv.includes('--check')) process.exitCode = tooLong.length === 0 ? 0 : 1;
else report();

function report(): void {
  const tested = new Set(files.filter(({ isTest }) => isTest).flatMap(({ imports }) => imports));
  const of = (holds: (path: string) => boolean) =>
    figuresOf(
      files.filter(({ path }) => holds(path)),
      tested,
    );
  const product = (path: string) => /^(?:electron|shared|renderer)\//.test(path);
  const folders = [
    ...new Set(
      files
        .map(({ path }) => path)
        .filter(product)
        .map(folderOf),
    ),
  ].sort();
  const elsewhere = files.filter(({ path }) => /^(?:build\/long|e2e\/(?:interop|specs|lab))\//.test(path));
  const figures = {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    goal: { maxLines: MAX_LINES, testsPerLineOutsideUi: GOAL },
    product: of(product),
    outsideUi: of(isOutsideUi),
    /** Lines of tests that stand in folders of their own: long runs, real servers, the app, the lab. */
    testLinesElsewhere: elsewhere.reduce((sum, { lines }) => sum + lines, 0),
    folders: Object.fromEntries(folders.map((folder) => [folder, of((path) => folderOf(path) === folder)])),
  };
  const rows = [
    ['product', figures.product],
    ['outside the UI', figures.outsideUi],
    ...Object.entries(figures.folders),
  ] as const;
  console.log(
    'folder                 files  lines  median  p90  max  fn p90  doc %  any/kloc  test:src  no direct test',
  );
  for (const [name, one] of rows) {
    const cells = [one.files, one.lines, one.median, one.p90, one.max, one.functionLines.p90, one.documentedPercent];
    const last = [one.anysPerThousandLines, one.testsPerLine, one.filesWithoutDirectTest];
    console.log(name.padEnd(20), ...[...cells, ...last].map((cell) => String(cell).padStart(7)));
  }
  const file = join(root, 'docs', 'figures', 'code.json');
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  const { testsPerLine } = figures.outsideUi;
  console.log(`outside the UI ${testsPerLine} lines of test per line of source, goal ${GOAL}; ${file}`);
}
