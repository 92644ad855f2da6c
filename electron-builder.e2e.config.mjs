/** The packaged app under test: as what ships, on the runtime of the tests, with the two things a driver needs. */
import base from './electron-builder.config.mjs';

// Electron 25 knows neither of these two.
const { grantFileProtocolExtraPrivileges, resetAdHocDarwinSignature, ...fuses } = base.electronFuses ?? {};
const sqlite = 'node_modules/@photostructure/sqlite';

/** @type {import('electron-builder').Configuration} */
export default {
  ...base,
  directories: { ...base.directories, output: 'dist-e2e' },
  electronVersion: '25.1.1',
  electronDist: process.env.ELECTRON_OVERRIDE_DIST_PATH,
  // Playwright drives the app through the inspector.
  electronFuses: { ...fuses, enableNodeCliInspectArguments: true },
  asarUnpack: [`${sqlite}/prebuilds/**`],
  files: [
    .../** @type {string[]} */ (base.files),
    { from: sqlite, to: sqlite, filter: ['package.json', 'dist/index.cjs', 'prebuilds/linux-x64/*glibc*'] },
    { from: 'node_modules/node-gyp-build', to: 'node_modules/node-gyp-build', filter: ['package.json', '*.js'] },
  ],
};
