/** A stand-in for the macOS Electron.app: enough of its shape for electron-builder to pack ours without a download. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import plist from 'plist';

/** Marks the fuses in an Electron binary; the wire follows it: version, length, one character a fuse (@electron/fuses). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_WIRE = '101100011';

const HELPERS = ['', ' (Renderer)', ' (GPU)', ' (Plugin)'];

/** Writes the stand-in of one Electron version into a folder, which `electronDist` can then name. */
export function writeStubElectron(folder: string, version: string): void {
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
  const info = { CFBundleExecutable: name, CFBundleIdentifier: 'com.github.Electron', CFBundleName: name };
  write(join(path, 'Contents', 'Info.plist'), plist.build(info));
  const executable = join(path, 'Contents', 'MacOS', name);
  write(executable, '#!/bin/sh\n');
  chmodSync(executable, 0o755);
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
