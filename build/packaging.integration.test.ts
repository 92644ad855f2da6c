/** What the packages contain, as far as it can be shown without a Mac: the real builder packs a stand-in Electron.app. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractFile, getRawHeader, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Arch, type Configuration, Platform, build as pack } from 'electron-builder';
import plist from 'plist';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import config from '../electron-builder.config.mjs';
import { build } from './build.mjs';
import { writeStubElectron } from './stub-electron.ts';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const ELECTRON: string = require('electron/package.json').version;

let project: string;
let app: string;
const plistOf = () => plist.parse(readFileSync(join(app, 'Contents', 'Info.plist'), 'utf8')) as Record<string, unknown>;
const asar = () => join(app, 'Contents', 'Resources', 'app.asar');

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'gopherbar-package-'));
  for (const name of ['package.json', 'build']) cpSync(join(root, name), join(project, name), { recursive: true });
  await build({ e2e: false, outDir: join(project, 'out') });
  const stub = join(project, 'stub');
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

  it('holds the shipping bundle and nothing else', () => {
    const files = listPackage(asar(), { isPack: false });
    expect(extractFile(asar(), 'out/variant').toString()).toBe('shipping\n');
    expect(files.filter((file) => /\.(map|ts|tsx)$|node_modules|e2e/.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['/package.json', '/out/main/index.cjs', '/out/preload/index.cjs']));
  });

  it('states the hash of its archive, which the fuse makes Electron check', () => {
    const header = getRawHeader(asar()).headerString;
    const hash = createHash('sha256').update(header).digest('hex');
    expect(plistOf().ElectronAsarIntegrity).toEqual({ 'Resources/app.asar': { algorithm: 'SHA256', hash } });
  });

  it('has every door of the runtime shut', async () => {
    const on = '1'.charCodeAt(0);
    const off = '0'.charCodeAt(0);
    expect(await getCurrentFuseWire(app)).toMatchObject({
      [FuseV1Options.RunAsNode]: off,
      [FuseV1Options.EnableCookieEncryption]: on,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
      [FuseV1Options.EnableNodeCliInspectArguments]: off,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: on,
      [FuseV1Options.OnlyLoadAppFromAsar]: on,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
    });
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
