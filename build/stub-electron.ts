/** A stand-in for the macOS Electron.app: enough of its shape for electron-builder to pack ours without a download. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import plist from 'plist';
import { zip } from '../e2e/lab/other-zip.ts';

/** Marks the fuses in an Electron binary; the wire follows it: version, length, one character a fuse (@electron/fuses). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_WIRE = '101100011';

const HELPERS = ['', ' (Renderer)', ' (GPU)', ' (Plugin)'];

/** Writes the stand-in of one Electron version as an archive, as its releases are, which `electronDist` can then name. */
export function writeStubElectron(archive: string, version: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-stub-'));
  writeStub(folder, version);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  writeFileSync(archive, zip(files.map((file) => [relative(folder, file), readFileSync(file, 'utf8')])));
  rmSync(folder, { recursive: true });
}

function writeStub(folder: string, version: string): void {
  const contents = join(folder, 'Electron.app', 'Contents');
  writeBundle(join(folder, 'Electron.app'), 'Electron');
  for (const kind of HELPERS) {
    const name = `Electron Helper${kind}`;
    writeBundle(join(contents, 'Frameworks', `${name}.app`), name);
  }
  write(join(contents, 'Resources', 'electron.icns'), '');
  const framework = join(contents, 'Frameworks', 'Electron Framework.framework');
  const locales = [join(contents, 'Resources'), join(framework, 'Versions', 'A', 'Resources')];
  for (const resources of locales) {
    for (const locale of ['en', 'de', 'zh_CN']) write(join(resources, `${locale}.lproj`, 'locale.pak'), '');
  }
  const wire = Buffer.concat([Buffer.from(FUSE_SENTINEL), Buffer.from([1, FUSE_WIRE.length]), Buffer.from(FUSE_WIRE)]);
  write(join(framework, 'Electron Framework'), wire);
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) write(join(folder, name), '');
  write(join(folder, 'version'), version);
}

function writeBundle(path: string, name: string): void {
  const info = {
    CFBundleExecutable: name,
    CFBundleIdentifier: 'com.github.Electron',
    CFBundleName: name,
    CFBundleIconFile: 'electron.icns',
  };
  write(join(path, 'Contents', 'Info.plist'), plist.build(info));
  write(join(path, 'Contents', 'MacOS', name), '#!/bin/sh\n');
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
