/**
 * Who may import whom: each folder's allowed imports, checked file by file. The message says how to fix it.
 * The table is the design's (docs/architecture.md).
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const FEATURES = ['probe', 'history', 'profile', 'monitor', 'drill'];
const TRADES = ['toolchain', 'integrity', 'explain', 'settings'];

/**
 * Folder → what its files may import: project folders (or files) and packages (`node:` = any built-in).
 * @typedef {{ folders: string[], packages: string[] }} Rule
 * @type {Record<string, Rule>}
 */
const RULES = {
  'shared/domain': { folders: ['shared/domain'], packages: [] },
  'shared/contract': { folders: ['shared/contract', 'shared/domain'], packages: ['valibot'] },
  'shared/messages': { folders: ['shared/messages', 'shared/domain'], packages: ['intl-messageformat'] },
  'electron/verdict': { folders: ['electron/verdict', 'shared/domain'], packages: ['semver'] },
  'electron/drill': { folders: ['electron/drill', 'electron/system', 'shared'], packages: ['node:'] },
  'electron/system': { folders: ['electron/system', 'shared'], packages: ['node:'] },
  ...Object.fromEntries(
    TRADES.map((name) => [
      `electron/${name}`,
      { folders: [`electron/${name}`, 'electron/system', 'shared'], packages: ['node:', 'valibot'] },
    ]),
  ),
  'electron/probe': {
    folders: [
      'electron/probe',
      'electron/system',
      'electron/integrity',
      'electron/toolchain',
      'electron/explain',
      'electron/verdict',
      'shared',
      'package.json',
    ],
    packages: ['node:', 'valibot', 'dns-packet', 'semver'],
  },
  'electron/history': {
    folders: ['electron/history', 'electron/system', 'electron/verdict', 'shared'],
    packages: ['node:'],
  },
  'electron/profile': {
    folders: [
      'electron/profile',
      'electron/system',
      'electron/toolchain',
      'electron/integrity',
      'electron/settings',
      'electron/verdict',
      'shared',
    ],
    packages: ['node:', 'valibot'],
  },
  'electron/macos': { folders: ['electron/macos', 'electron/system', 'shared'], packages: ['node:', 'valibot'] },
  'electron/doctor': {
    folders: [
      'electron/doctor',
      'electron/probe',
      'electron/profile',
      'electron/verdict',
      'electron/macos',
      'electron/explain',
      'electron/toolchain',
      'electron/integrity',
      'electron/system',
      'shared',
    ],
    packages: ['node:', 'valibot'],
  },
  'electron/doctor/trace': {
    folders: ['electron/doctor/trace', 'electron/explain', 'electron/system', 'shared'],
    packages: ['node:'],
  },
  'electron/doctor/capture': {
    folders: ['electron/doctor/capture', 'electron/probe/dns-message.ts', 'electron/system', 'shared'],
    packages: ['node:', 'dns-packet'],
  },
  'electron/monitor': {
    folders: [
      'electron/monitor',
      'electron/verdict',
      'electron/system',
      'electron/probe/probe-pool.ts',
      'electron/probe/experiments.ts',
      'electron/history/history-store.ts',
      'shared',
    ],
    packages: [],
  },
  'electron/engine-ports.ts': {
    folders: ['electron/verdict', 'electron/system', ...FEATURES.map((name) => `electron/${name}`), 'shared'],
    packages: [],
  },
  'electron/engine.ts': {
    folders: [
      'electron/engine-ports.ts',
      'electron/verdict',
      'electron/system',
      ...[...FEATURES, ...TRADES].map((name) => `electron/${name}`),
      'shared',
    ],
    packages: [],
  },
  'electron/adapters': { folders: ['electron', 'shared', 'package.json'], packages: ['node:'] },
  'electron/cli': {
    folders: [
      'electron/cli',
      'electron/engine.ts',
      'electron/engine-ports.ts',
      'electron/adapters',
      'package.json',
      'electron/system',
      'electron/doctor',
      'electron/macos',
      ...[...FEATURES, ...TRADES, 'verdict'].map((name) => `electron/${name}`),
      'shared',
    ],
    packages: ['node:', 'commander'],
  },
  'electron/app': {
    folders: ['electron/app', 'electron/engine-ports.ts', 'electron/system', 'shared'],
    packages: ['electron', 'node:', 'valibot'],
  },
  'electron/preload.ts': { folders: ['shared/contract'], packages: ['electron'] },
  'electron/main.ts': { folders: ['electron', 'shared'], packages: ['electron', 'node:'] },
  renderer: { folders: ['renderer', 'shared'], packages: ['react', 'react-dom', 'zustand', 'valibot', 'uplot'] },
  'e2e/gallery': { folders: ['e2e/gallery', 'renderer', 'shared'], packages: ['*'] },
  e2e: { folders: ['e2e', 'shared', 'build'], packages: ['*'] },
};

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
    'features do not know each other: let engine.ts join them, or move the shared trade to toolchain, integrity or settings.',
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
  for (const specifier of importsOf(readFileSync(join(root, file), 'utf8'))) {
    const problem = check(file, specifier, rule);
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
 * Specifiers of static imports, re-exports and dynamic imports.
 * @param {string} source
 */
function importsOf(source) {
  const withoutComments = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
  return [...withoutComments.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/**
 * @param {string} file
 * @param {string} specifier
 * @param {Rule} rule
 */
function check(file, specifier, rule) {
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(root, dirname(file), specifier));
    if (rule.folders.some((folder) => target === folder || target.startsWith(`${folder}/`))) return null;
    return explain(file, target, `may import only ${rule.folders.join(', ')}`);
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
