/** Writes renderer/dashboard/settings/licences.json: the libraries that are in the app, with their licences. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Where it is kept. */
export const LICENCES_FILE = join(root, 'renderer', 'dashboard', 'settings', 'licences.json');

interface Licence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

interface Manifest {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const IMPORT = /(?:\bfrom |\bimport |\bimport\()'([^.'][^']*)'/g;

/** Every library that the product's sources import, and what those need in turn. */
export function bundledLicences(): readonly Licence[] {
  const found = new Map<string, Licence>();
  const waiting = ['electron'];
  for (const file of globSync('{shared,electron,renderer}/**/*.{ts,tsx}', { cwd: root })) {
    if (/\.test\.tsx?$/.test(file)) continue;
    for (const [, name = ''] of readFileSync(join(root, file), 'utf8').matchAll(IMPORT)) {
      if (!name.startsWith('node:')) waiting.push(packageOf(name));
    }
  }
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const {
      version,
      license = 'see its repository',
      dependencies = {},
    } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as Manifest;
    found.set(name, { name, version, licence: license });
    // What Electron depends on only downloads it.
    if (name !== 'electron') waiting.push(...Object.keys(dependencies));
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function packageOf(name: string): string {
  const [first = '', second = ''] = name.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(LICENCES_FILE, `${JSON.stringify(bundledLicences(), null, 2)}\n`);
}
