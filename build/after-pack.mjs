/** Last touches on a packed app, before it is signed. Called by electron-builder. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import plist from 'plist';

/** @param {import('electron-builder').AfterPackContext} context */
export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  if (electronPlatformName === 'linux') {
    // Beside the archive, for a plain Node where there is no display. Not on a Mac: what runs there is sealed.
    const resources = join(appOutDir, 'resources');
    cpSync(join(packager.projectDir, 'out', 'cli'), join(resources, 'bin'), {
      recursive: true,
      filter: (file) => !file.endsWith('.map'),
    });
  }
  // The stock runtime's own app: never started, since app.asar is there.
  rmSync(join(appOutDir, 'resources', 'default_app.asar'), { force: true });
  if (electronPlatformName === 'darwin') {
    const file = join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Info.plist');
    writeFileSync(file, withoutArbitraryLoads(readFileSync(file, 'utf8')));
  }
}

/**
 * Drops the transport-security exceptions that electron-builder writes into every Info.plist: they would let the app's
 * own pages load plain HTTP, which they never do (probes are plain sockets, outside of App Transport Security).
 * @param {string} text
 */
function withoutArbitraryLoads(text) {
  const { NSAppTransportSecurity, ...info } = /** @type {plist.PlistObject} */ (plist.parse(text));
  return plist.build(info);
}
