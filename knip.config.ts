import type { KnipConfig } from 'knip';

/**
 * Dead code: every file and export must be reached from one of these entries. With `--production` only what ends in `!`
 * counts: then the product itself must reach it, and a test alone keeps nothing alive.
 */
const config: KnipConfig = {
  entry: [
    'electron/{main,preload}.ts!',
    'electron/cli/main.ts!',
    'electron/probe/worker.ts!',
    'electron/history/history-worker.ts!',
    'electron/traffic/reader-worker.ts!',
    'electron/composition/gateway-child.ts!',
    'renderer/{popover,dashboard}/main.tsx!',
    'e2e/doubles/switch-child.ts',
    'build/*.mjs',
    'build/{screenshots,code-figures,settings-schema,man-page,cause-pages,figure-pages,release,troubleshooting}.ts',
    'build/bench/*.ts',
    'build/bench/gateway/splice.ts',
    'build/long/*.ts',
    'build/icons/make-icons.mjs',
    'e2e/specs/*.ts',
    'e2e/gallery/api.ts',
    'e2e/gallery/window/main.cjs',
    'e2e/runtime/default_app/main.cjs',
    'e2e/lab/{main,serve-in-namespace,ask-in-namespace,redirect-in-namespace,doctor-worlds}.ts',
    'e2e/lab/captures/write.ts',
    '*.config.{ts,mjs}',
    'e2e/interop/*.interop.ts',
  ],
  project: [
    '{electron,shared,renderer}/**/*.{ts,tsx}!',
    '!**/*.test.{ts,tsx}!',
    // A fake stands beside the port it fakes.
    '!electron/system/fake-clock.ts!',
    '{build,e2e}/**/*.{ts,tsx,mjs,cjs}',
  ],
  ignoreExportsUsedInFile: true,
  ignoreBinaries: [
    'dbus-run-session',
    'xdotool',
    'xmllint',
    'shellcheck',
    'fish',
    'mandoc',
    'mount',
    'umount',
    'apt-get',
    'dbus-daemon',
    'dpkg',
    'dpkg-query',
    'mkfifo',
    'script',
    'sha256sum',
    'unshare',
    'strace',
    'Xvfb',
  ],
  ignoreDependencies: ['@photostructure/sqlite'],
};

export default config;
