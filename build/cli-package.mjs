/**
 * Lays the npm package `gopherbar` out: the command line and its workers as they ship, the manual page, the licence; no
 * Electron, no dependency. `npm run package:cli` packs it into dist/.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildCommandLine } from './build.mjs';
import { bundledLicences, licencesText } from './licences.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the bundles are made for (build.mjs). With Node 22 the history cannot be read. */
const OLDEST_NODE = '24';

/**
 * Fills a folder that `npm pack` can pack. Throws the bundler's error.
 * @param {string} folder
 */
export async function layOutCliPackage(folder) {
  rmSync(folder, { recursive: true, force: true });
  await buildCommandLine(folder);
  for (const file of ['README.md', 'README.zh-CN.md', 'LICENSE']) cpSync(join(root, file), join(folder, file));
  // Electron is not in it.
  const licences = bundledLicences().filter((one) => one.name !== 'electron');
  writeFileSync(join(folder, 'LICENCES-OF-LIBRARIES.txt'), licencesText(licences));
  mkdirSync(join(folder, 'man'), { recursive: true });
  cpSync(join(root, 'docs', 'gopherbar.1'), join(folder, 'man', 'gopherbar.1'));
  const { name, version, license, author, homepage, repository, bugs } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const manifest = {
    name,
    version,
    description: 'Why Go module downloads fail, and what helps: probes, explanations, a CI gate, a local gateway',
    license,
    author,
    homepage,
    repository,
    bugs,
    keywords: ['go', 'golang', 'goproxy', 'ci', 'diagnostics'],
    bin: { gopherbar: 'cli/gopherbar.cjs' },
    man: 'man/gopherbar.1',
    files: ['cli/*.{cjs,texts}', 'main/*.cjs', 'man', 'README.zh-CN.md', 'LICENCES-OF-LIBRARIES.txt'],
    engines: { node: `>=${OLDEST_NODE}` },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = join(root, 'dist', 'cli');
  await layOutCliPackage(folder);
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', join(root, 'dist')], { cwd: folder });
  console.error(`package: dist/${packed.toString().trim()}`);
}
