/** What the packages contain, as far as it can be shown without a Mac: the real builder packs a stand-in Electron.app. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPackage, extractAll } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { Arch, type Configuration, Platform, build as pack } from 'electron-builder';
import plist from 'plist';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import config from '../electron-builder.config.mjs';
import { build } from './build.mjs';
import { packedAppProblems } from './packed-app.ts';
import { writeStubElectron } from './stub-electron.ts';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const ELECTRON: string = require('electron/package.json').version;

let project: string;
let app: string;
const plistOf = () => plist.parse(readFileSync(join(app, 'Contents', 'Info.plist'), 'utf8')) as Record<string, unknown>;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'gopherbar-package-'));
  for (const name of ['package.json', 'build']) cpSync(join(root, name), join(project, name), { recursive: true });
  await build({ e2e: false, outDir: join(project, 'out') });
  const stub = join(project, 'electron.zip');
  writeStubElectron(stub, ELECTRON);
  await pack({
    projectDir: project,
    targets: Platform.MAC.createTarget('dir', Arch.arm64),
    publish: 'never',
    config: {
      ...(structuredClone(config) as Configuration),
      electronVersion: ELECTRON,
      electronDist: stub,
      // The hook's path is relative to the project, its imports are ours.
      afterPack: join(root, 'build', 'after-pack.mjs'),
      // Signing tools exist on a Mac only.
      electronFuses: { ...config.electronFuses, resetAdHocDarwinSignature: false },
    },
  });
  app = join(project, 'dist', 'mac-arm64', 'Gopherbar.app');
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

const resourcesOf = (copy: string) => join(copy, 'Contents', 'Resources');

/** Changes the last byte: it belongs to a file, not to the header. */
function flipByte(file: string): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  writeFileSync(file, bytes);
}

async function otherArchive(copy: string): Promise<void> {
  const folder = join(project, 'other');
  extractAll(join(resourcesOf(copy), 'app.asar'), folder);
  writeFileSync(join(folder, 'out', 'commit'), 'another');
  await createPackage(folder, join(resourcesOf(copy), 'app.asar'));
}

async function openFuse(copy: string): Promise<void> {
  await flipFuses(copy, { version: FuseVersion.V1, [FuseV1Options.RunAsNode]: true });
}

/** Path and hash of each file. */
function digests(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => `${file.slice(folder.length)} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`)
    .sort();
}

describe('the macOS package', () => {
  it('is described in words that the builder knows: it refuses any other', async () => {
    const targets = Platform.MAC.createTarget('dir', Arch.arm64);
    // A copy, since packing changes the object it is given.
    const wrong = { ...structuredClone(config), madeUp: true } as Configuration;
    await expect(pack({ projectDir: project, targets, publish: 'never', config: wrong })).rejects.toThrow(/madeUp/);
  });

  it('is a menu-bar app for macOS 13 and later, in both languages', () => {
    expect(plistOf()).toMatchObject({
      CFBundleIdentifier: 'dev.gopherbar.app',
      CFBundleName: 'Gopherbar',
      LSUIElement: true,
      LSMinimumSystemVersion: '13.0',
      CFBundleLocalizations: ['en', 'zh-Hans'],
    });
  });

  it('keeps the transport security of the system', () => {
    expect(plistOf()).not.toHaveProperty('NSAppTransportSecurity');
  });

  it('holds the shipping bundle, the licences and nothing else; its archive is what its header says, its fuses are set', async () => {
    expect(await packedAppProblems(app)).toEqual([]);
  });

  it('is built the same from the same sources', async () => {
    await build({ e2e: false, outDir: join(project, 'again') });
    expect(digests(join(project, 'again'))).toEqual(digests(join(project, 'out')));
  });

  it.each([
    [
      'a changed byte of the archive',
      (copy: string) => flipByte(join(resourcesOf(copy), 'app.asar')),
      /is not what its header says/,
    ],
    ['a header of another archive', otherArchive, /another hash of app\.asar/],
    [
      'a file beside the archive',
      (copy: string) => writeFileSync(join(resourcesOf(copy), 'app.asar.bak'), ''),
      /not needed: app\.asar\.bak/,
    ],
    [
      'a missing licence',
      (copy: string) => rmSync(join(resourcesOf(copy), 'LICENSES.chromium.html')),
      /missing: LICENSES/,
    ],
    ['an open fuse', openFuse, /fuse RunAsNode is not off/],
  ])('is refused with %s', async (_name, damage, problem) => {
    const copy = join(project, 'damaged', 'Gopherbar.app');
    rmSync(copy, { recursive: true, force: true });
    cpSync(app, copy, { recursive: true });
    await damage(copy);
    expect((await packedAppProblems(copy)).join('\n')).toMatch(problem);
  });

  it('asks for one entitlement', () => {
    const entitlements = plist.parse(readFileSync(join(root, 'build', 'mac', 'entitlements.plist'), 'utf8'));
    expect(entitlements).toEqual({ 'com.apple.security.cs.allow-jit': true });
  });

  it('brings the languages it speaks and the command', () => {
    const locales = readdirSync(join(app, 'Contents', 'Resources')).filter((name) => name.endsWith('.lproj'));
    expect(locales.sort()).toEqual(['en.lproj', 'zh_CN.lproj']);
    const launcher = join(app, 'Contents', 'Resources', 'bin', 'gopherbar');
    expect(existsSync(launcher)).toBe(true);
    expect(() => execFileSync('sh', ['-n', launcher])).not.toThrow();
  });
});
