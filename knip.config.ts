import type { KnipConfig } from 'knip';

/** Dead code: every file and export must be reached from one of these entries. */
const config: KnipConfig = {
  entry: [
    'electron/{main,preload}.ts',
    'electron/probe/worker.ts',
    'electron/history/history-worker.ts',
    'e2e/doubles/switch-child.ts',
    'build/*.mjs',
    'build/screenshots.ts',
    'build/bench/*.ts',
    'build/long/*.ts',
    'build/icons/make-icons.mjs',
    'e2e/specs/*.ts',
    'e2e/gallery/gallery.ts',
    'e2e/gallery/window/main.cjs',
    'e2e/runtime/default_app/main.cjs',
    'e2e/lab/{main,serve-in-namespace,doctor-worlds}.ts',
    'e2e/lab/captures/write.ts',
    '*.config.{ts,mjs}',
    'e2e/interop/*.interop.ts',
  ],
  project: ['{electron,shared,renderer,build,e2e}/**/*.{ts,tsx,mjs,cjs}'],
  ignoreExportsUsedInFile: true,
  ignoreBinaries: ['apt-get', 'dbus-daemon', 'dpkg', 'dpkg-query', 'mkfifo', 'script', 'unshare'],
  ignoreDependencies: ['@photostructure/sqlite'],
};

export default config;
