/**
 * Who may import whom: each folder's allowed imports, checked file by file. The message says how to fix it.
 * The table is the design's (docs/architecture.md).
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What may be used of system/ everywhere: functions without state. Its adapters are built by composition roots alone. */
const HELPERS = [
  'files',
  'read-file',
  'line-splitter',
  'file-watch',
  'json-file',
  'limiter',
  'worker-rpc',
  'measuring-slots',
  'error-facts',
  'web',
  'exclusive-lock',
  'empty-folder',
  'pending-work',
  'private-files',
].map((name) => `electron/system/${name}.ts`);
const TRADES = ['electron/toolchain', 'electron/integrity', 'electron/explain', 'electron/settings'];
const FEATURES = [
  'probe',
  'history',
  'profile',
  'doctor',
  'arbiter',
  'capture',
  'trace',
  'traffic',
  'macos',
  'drill',
  'gateway',
  'gate',
  'ci',
  'fleet',
  'control',
  'updates',
].map((name) => `electron/${name}`);
const LOOP = ['electron/monitor', 'electron/conditions', 'electron/notify'];

/**
 * Folder → what its files may import: `values` of project folders (or files), `types` of more of them (`import type`
 * alone), and packages (`node:` = any built-in).
 * @typedef {{ values: string[], types?: string[], packages: string[] }} Rule
 * @type {Record<string, Rule>}
 */
const RULES = {
  'shared/domain': { values: ['shared/domain'], packages: [] },
  'shared/contract': { values: ['shared/contract', 'shared/domain'], packages: ['valibot'] },
  'shared/messages': { values: ['shared/messages', 'shared/domain'], packages: [] },
  'electron/verdict': { values: ['electron/verdict', 'shared/domain'], packages: ['semver'] },
  'electron/system': { values: ['electron/system', 'shared'], packages: ['node:', 'undici', 'valibot'] },
  ...Object.fromEntries(
    TRADES.map((folder) => [folder, feature(folder, [], ['node:', 'valibot', 'yauzl', 'jsonc-parser'])]),
  ),
  'electron/probe': feature('electron/probe', ['package.json'], ['node:', 'valibot', 'dns-packet', 'semver']),
  'electron/probe/worker.ts': {
    values: ['electron/probe', 'electron/system', 'electron/composition/http-client.ts', 'shared'],
    packages: ['node:'],
  },
  'electron/history': feature('electron/history', [], ['node:']),
  'electron/history/history-worker.ts': {
    values: ['electron/history', 'electron/system', 'shared'],
    packages: ['node:'],
  },
  'electron/profile': feature('electron/profile', [], ['node:', 'valibot', 'yaml', 'jsonc-parser']),
  'electron/macos': feature('electron/macos', [], ['node:', 'valibot']),
  'electron/capture': feature('electron/capture', ['electron/probe/dns-message.ts'], ['node:', 'dns-packet']),
  'electron/trace': feature('electron/trace', [], ['node:']),
  'electron/arbiter': feature('electron/arbiter', ['electron/probe'], ['node:']),
  'electron/gateway': feature(
    'electron/gateway',
    ['electron/probe/retry-after.ts'],
    // It is the server of its own protocol, and reads the index of its cache.
    ['node:', 'semver'],
  ),
  'electron/gate': feature('electron/gate', ['electron/profile'], ['node:', 'valibot', 'semver', 'ae-cvss-calculator']),
  'electron/ci': feature('electron/ci', [], ['node:']),
  'electron/fleet': feature('electron/fleet', [], ['node:', '@prometheus-io/client']),
  'electron/updates': feature('electron/updates', [], ['semver', 'electron-updater']),
  'electron/control': feature('electron/control', [], ['node:', 'valibot']),
  'electron/drill': feature('electron/drill', [], ['node:']),
  'electron/traffic': feature('electron/traffic', ['electron/capture', 'electron/trace', 'electron/macos'], ['node:']),
  'electron/doctor': feature(
    'electron/doctor',
    ['electron/profile', 'electron/probe', 'electron/macos'],
    ['node:', 'valibot', 'plist'],
  ),
  ...Object.fromEntries(
    LOOP.map((folder) => [
      folder,
      {
        values: [...LOOP, 'electron/verdict', 'shared', ...HELPERS, 'electron/probe/experiments.ts'],
        types: ['electron/system', 'electron/probe', 'electron/history'],
        packages: [],
      },
    ]),
  ),
  'electron/engine': {
    values: ['electron/engine', 'electron/verdict', ...TRADES, ...FEATURES, ...LOOP, ...HELPERS, 'shared'],
    types: ['electron/system'],
    packages: [],
  },
  'electron/composition': { values: ['electron', 'shared', 'package.json'], packages: ['node:'] },
  'electron/cli': {
    values: [
      'electron/cli',
      'electron/composition',
      'electron/engine',
      'electron/system',
      'electron/verdict',
      ...TRADES,
      ...FEATURES,
      'electron/monitor/day-strip.ts',
      'shared',
      'package.json',
    ],
    packages: ['node:', 'commander', 'valibot', '@valibot/to-json-schema', '@modelcontextprotocol/server'],
  },
  'electron/app': {
    values: ['electron/app', 'electron/system', 'electron/updates/updater.ts', 'shared'],
    types: ['electron/engine'],
    packages: ['electron', 'node:', 'valibot', 'electron-updater'],
  },
  'electron/preload.ts': { values: ['shared/contract'], packages: ['electron'] },
  'electron/main.ts': { values: ['electron', 'shared'], packages: ['electron', 'node:'] },
  'renderer/common': {
    values: ['renderer/common', 'shared'],
    packages: ['react', 'react-dom', 'zustand', 'valibot'],
  },
  'renderer/popover': {
    values: ['renderer/popover', 'renderer/common', 'renderer/theme', 'shared'],
    packages: ['react', 'react-dom', 'zustand'],
  },
  'renderer/dashboard': {
    values: ['renderer/dashboard', 'renderer/common', 'renderer/theme', 'shared'],
    packages: ['react', 'react-dom', 'zustand', 'uplot'],
  },
  renderer: { values: ['renderer', 'shared'], packages: [] },
  'e2e/gallery': { values: ['e2e', 'renderer', 'shared'], packages: ['*'] },
  'e2e/doubles': { values: ['e2e/doubles', 'e2e/lab', 'electron', 'shared'], packages: ['*'] },
  e2e: { values: ['e2e', 'shared', 'build'], packages: ['*'] },
};

/**
 * A feature's rule: its own folder, the trades, verdict, shared and the helpers of system/; the ports of system/ as types.
 * @param {string} folder
 * @param {string[]} more
 * @param {string[]} packages
 * @returns {Rule}
 */
function feature(folder, more, packages) {
  return {
    values: [folder, ...TRADES, 'electron/verdict', 'shared', ...HELPERS, ...more],
    types: ['electron/system'],
    packages,
  };
}

/**
 * Why a border stands where it does, said when someone crosses it.
 * @type {[RegExp, string][]}
 */
const HINTS = [
  [/^shared\//, 'shared/ is pure: pass the value in as an argument, or move the effect to electron/system.'],
  [/^electron\/verdict/, 'verdict/ decides over values: take `now`, facts and settings as arguments.'],
  [
    /^electron\/app/,
    "app/ only speaks 'electron' and the Engine interface: put logic into a feature and expose it on Engine.",
  ],
  [
    /^electron\/(probe|history|profile|monitor)/,
    'features do not know each other: let engine/ join them, or move the shared trade to toolchain, integrity or settings.',
  ],
  [/^renderer/, 'the renderer holds a copy of the Snapshot: ask over shared/contract instead.'],
];

const problems = [];
for (const file of globSync(['shared/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.{ts,tsx}', 'e2e/**/*.{ts,tsx}'], {
  cwd: root,
})) {
  if (/\.test\.tsx?$/.test(file)) continue; // tests may use the lab
  const rule = RULES[longestPrefix(file) ?? ''];
  if (rule === undefined) {
    problems.push(
      `${file}: no layer rule covers it; add its folder to build/check-layers.mjs and docs/architecture.md`,
    );
    continue;
  }
  for (const { specifier, typesOnly } of importsOf(readFileSync(join(root, file), 'utf8'))) {
    const problem = check(file, specifier, typesOnly, rule);
    if (problem !== null) problems.push(problem);
  }
}

for (const problem of problems) console.error(problem);
console.error(`layers: ${problems.length === 0 ? 'every import is allowed' : `${problems.length} forbidden imports`}`);
process.exit(problems.length === 0 ? 0 : 1);

/** @param {string} file */
function longestPrefix(file) {
  return Object.keys(RULES)
    .filter((prefix) => file === prefix || file.startsWith(`${prefix}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/**
 * Static imports, re-exports and dynamic imports: the specifier, and whether only types are taken from it.
 * @param {string} source
 * @returns {{ specifier: string, typesOnly: boolean }[]}
 */
function importsOf(source) {
  const withoutComments = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b([^'"`;]*?)\bfrom\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
  return [...withoutComments.matchAll(pattern)].map(([, names = '', from, bare, dynamic]) => ({
    specifier: from ?? bare ?? dynamic ?? '',
    typesOnly: from !== undefined && takesOnlyTypes(names),
  }));
}

/**
 * `type { A }`, or braces in which every name has `type` before it.
 * @param {string} names
 */
function takesOnlyTypes(names) {
  const text = names.trim();
  if (text.startsWith('type ')) return true;
  if (!text.startsWith('{')) return false;
  return text
    .slice(1, -1)
    .split(',')
    .filter((name) => name.trim() !== '')
    .every((name) => name.trim().startsWith('type '));
}

/**
 * @param {string} file
 * @param {string} specifier
 * @param {boolean} typesOnly
 * @param {Rule} rule
 */
function check(file, specifier, typesOnly, rule) {
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(root, dirname(file), specifier));
    /** @param {string} folder */
    const within = (folder) => target === folder || target.startsWith(`${folder}/`);
    if (rule.values.some(within)) return null;
    if ((rule.types ?? []).some(within)) {
      return typesOnly ? null : explain(file, target, 'may import only its types (import type)');
    }
    return explain(file, target, `may import only ${rule.values.join(', ')}`);
  }
  const allowed = rule.packages.some(
    (name) =>
      name === '*' ||
      (name === 'node:' ? specifier.startsWith('node:') : specifier === name || specifier.startsWith(`${name}/`)),
  );
  return allowed ? null : explain(file, specifier, `may use only ${rule.packages.join(', ') || 'no packages'}`);
}

/**
 * @param {string} file
 * @param {string} what
 * @param {string} rule
 */
function explain(file, what, rule) {
  const hint = HINTS.find(([pattern]) => pattern.test(file))?.[1] ?? 'see docs/architecture.md.';
  return `${file}: imports ${what}, but ${rule}.\n  How to fix: ${hint}`;
}
