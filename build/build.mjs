/**
 * Bundles everything into out/: the renderer with vite, the main process, its preload, its workers and the command
 * line with rolldown (which vite brings along). Main and preload are CommonJS so that the e2e runtime can load them.
 *
 *   node build/build.mjs         what ships: newest Electron, node:sqlite, no test door
 *   node build/build.mjs --e2e   for the runtime of the tests: Node 18 syntax, the SQLite stand-in, the test door
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build as rolldown } from 'rolldown';
import { build as vite } from 'vite';
import { bundledLicences } from './licences.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the renderer needs from the runtime; the e2e runtime is Chromium 114. */
const CHROMIUM_TARGET = 'chrome114';

/** Entry, bundle, and whether it begins a process (and so sets the process up). */
const NODE_BUNDLES = [
  { input: 'electron/main.ts', file: 'main/index.cjs', process: true },
  { input: 'electron/preload.ts', file: 'preload/index.cjs', process: false },
  { input: 'electron/probe/worker.ts', file: 'main/probe-worker.cjs', process: false },
  { input: 'electron/history/history-worker.ts', file: 'main/history-worker.cjs', process: false },
  { input: 'electron/composition/gateway-child.ts', file: 'main/gateway-process.cjs', process: true },
  { input: 'electron/traffic/reader-worker.ts', file: 'main/traffic-worker.cjs', process: false },
  // Each command in files of its own: `gopherbar --version` need not read the doctor. It sets the pool up itself.
  { input: 'electron/cli/main.ts', file: 'cli/gopherbar.cjs', process: false, shebang: true, split: true },
];

/**
 * libuv reads the size of its pool at its first use. Twice the probe concurrency at least: `dns.lookup` of a dead
 * resolver holds a thread for up to half a minute, and with the default of 4 a few of them would stop everything.
 */
const THREAD_POOL = "process.env.UV_THREADPOOL_SIZE ??= '128';";

/** undici names the global File when it is loaded; Node 18 has it in node:buffer only. */
const FILE_GLOBAL = "globalThis.File ??= require('node:buffer').File;";

/** The e2e runtime has no node:sqlite; the stand-in stays outside the bundle because it finds its binary by path. */
const sqliteStandIn = {
  name: 'e2e-sqlite',
  /** @param {string} id */
  resolveId: (id) => (id === 'node:sqlite' ? { id: '@photostructure/sqlite', external: true } : null),
};

/**
 * Builds everything. Throws the bundler's error.
 * @param {{ e2e: boolean, outDir?: string }} options
 */
export async function build({ e2e, outDir = join(root, 'out') }) {
  rmSync(outDir, { recursive: true, force: true });
  await Promise.all([
    vite({
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'warn',
      // Whatever NODE_ENV the caller has: React's development build is three times as large.
      define: { 'process.env.NODE_ENV': '"production"' },
      build: { outDir: join(outDir, 'renderer'), target: CHROMIUM_TARGET, cssTarget: CHROMIUM_TARGET },
    }),
    ...NODE_BUNDLES.map((bundle) => bundleForNode(bundle, e2e, outDir)),
  ]);
  copyIcons(join(outDir, 'icons'));
  writeFileSync(join(outDir, 'licences.json'), JSON.stringify(bundledLicences()));
  writeFileSync(join(outDir, 'commit'), commit());
  // `electron .` and the packager start the folder's main file; which variant it is must be readable afterwards.
  writeFileSync(join(outDir, 'variant'), `${e2e ? 'e2e' : 'shipping'}\n`);
}

/**
 * Only the command line and the workers it starts, as they ship. Throws the bundler's error.
 * @param {string} outDir
 */
export async function buildCommandLine(outDir) {
  const parts = NODE_BUNDLES.filter(({ file }) => /^cli\/|-worker\.cjs$/.test(file));
  await Promise.all(parts.map((bundle) => bundleForNode(bundle, false, outDir)));
}

/** Which state of the sources this is: the commit, marked when files differ from it; empty without a repository. */
function commit() {
  const git = (/** @type {string[]} */ ...args) =>
    spawnSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).stdout ?? '';
  const id = git('rev-parse', '--short=12', 'HEAD').trim();
  return id === '' || git('status', '--porcelain', '--untracked-files=no') === '' ? id : `${id}+`;
}

function copyIcons(/** @type {string} */ target) {
  mkdirSync(target, { recursive: true });
  const icons = join(root, 'build', 'icons');
  for (const file of globSync('*.png', { cwd: icons })) cpSync(join(icons, file), join(target, basename(file)));
}

/**
 * Messages in files of their own, read when the first of their texts is wanted and parsed by section: a command speaks one
 * language and says little, and to parse all of both takes a fifth of the time that a bare node needs to start.
 */
const textsBesideCode = {
  name: 'texts-beside-code',
  /**
   * @this {import('rolldown').PluginContext}
   * @param {string} code
   * @param {string} id
   */
  transform(code, id) {
    if (!/shared.messages.[\w-]+\.json$/.test(id)) return null;
    const texts = JSON.parse(code);
    const fileName = basename(id, '.json').concat('.texts');
    // A line for each section, so that one can be parsed without the others.
    const lines = Object.values(texts).map((section) => JSON.stringify(section));
    this.emitFile({ type: 'asset', fileName, source: lines.join('\n') });
    const sections = Object.keys(texts).map((name, i) => `get ${JSON.stringify(name)}() { return section(${i}); }`);
    return {
      code: `import { readFileSync } from 'node:fs';
        import { join } from 'node:path';
        let lines;
        const parsed = [];
        const section = (i) => {
          lines ??= readFileSync(join(import.meta.dirname, '${fileName}'), 'utf8').split('\\n');
          return (parsed[i] ??= JSON.parse(lines[i]));
        };
        export default { ${sections.join(', ')} };`,
      moduleType: /** @type {const} */ ('js'),
      map: { mappings: '' },
    };
  },
};

/**
 * @param {typeof NODE_BUNDLES[number]} bundle
 * @param {boolean} e2e
 * @param {string} outDir
 */
async function bundleForNode(bundle, e2e, outDir) {
  const banner = [
    ...(bundle.shebang ? ['#!/usr/bin/env node'] : []),
    ...(bundle.process ? [THREAD_POOL] : []),
    ...(e2e ? [FILE_GLOBAL] : []),
  ];
  await rolldown({
    input: join(root, bundle.input),
    platform: 'node',
    // Built-ins are external by platform; naming them here would beat the stand-in's plugin.
    external: ['electron'],
    // Its CommonJS file loads parts through a parameter named require, which no bundler sees.
    resolve: { alias: { 'jsonc-parser': join(root, 'node_modules', 'jsonc-parser', 'lib', 'esm', 'main.js') } },
    plugins: [textsBesideCode, ...(e2e ? [sqliteStandIn] : [])],
    transform: { target: e2e ? 'node18.15' : 'node24', define: { __GOPHERBAR_E2E__: String(e2e) } },
    output: {
      ...(bundle.split
        ? {
            // Side by side, because workers are found relative to the running file.
            dir: join(outDir, dirname(bundle.file)),
            entryFileNames: basename(bundle.file),
            chunkFileNames: '[name]-[hash].cjs',
          }
        : { file: join(outDir, bundle.file), codeSplitting: false }),
      format: 'cjs',
      minify: !e2e,
      sourcemap: true,
      banner: ({ isEntry }) => (isEntry && bundle.file !== 'preload/index.cjs' ? banner.join('\n') : ''),
    },
  });
}

/**
 * The files that the bundler reported missing although they are there. Its resolver remembers a failed stat(2) as "no
 * such file" for the rest of the build, so one moment's failure of the file system breaks every import of that moment.
 * @param {unknown} error
 */
function unresolvedButPresent(error) {
  const imports = String(error).matchAll(/Could not resolve '(\.[^']+)' in (\S+)/g);
  return [...imports]
    .map(([, specifier = '', importer = '']) => join(dirname(importer), specifier))
    .filter((file) => existsSync(join(root, file)));
}

/** The variant that out/ holds, or null when nothing is built. */
export function builtVariant(outDir = join(root, 'out')) {
  try {
    return readFileSync(join(outDir, 'variant'), 'utf8').trim();
  } catch {
    return null;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const e2e = process.argv.includes('--e2e');
  const started = performance.now();
  try {
    await build({ e2e });
  } catch (error) {
    const present = unresolvedButPresent(error);
    if (present.length === 0) throw error;
    console.error(`build: the bundler did not find files that exist (${present.join(', ')}); building again`);
    await build({ e2e });
  }
  console.error(`build: ${e2e ? 'e2e' : 'shipping'} variant in out/ (${Math.round(performance.now() - started)} ms)`);
}
