/**
 * What ships: a universal app for macOS 13 and later as dmg and zip, an AppImage and a plain folder for Linux desktops.
 * Signing and notarization happen when the environment holds what they need (CSC_LINK or CSC_NAME; APPLE_ID,
 * APPLE_APP_SPECIFIC_PASSWORD, APPLE_TEAM_ID or the APPLE_API_* keys); build/package.mjs says so when it does not.
 */
const { env } = process;
const canNotarize = Boolean(
  (env.APPLE_API_KEY && env.APPLE_API_KEY_ID && env.APPLE_API_ISSUER) ||
    (env.APPLE_ID && env.APPLE_APP_SPECIFIC_PASSWORD && env.APPLE_TEAM_ID) ||
    env.APPLE_KEYCHAIN_PROFILE,
);

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'dev.gopherbar.app',
  productName: 'Gopherbar',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the builder's own placeholders
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  directories: { output: 'dist', buildResources: 'build/mac' },
  files: ['out/**', 'package.json', '!**/*.map', '!node_modules/**/*'],
  // The command line: a launcher beside the app, since the fuse below forbids running the app as plain Node.
  extraResources: [{ from: 'build/launcher', to: 'bin' }],
  // Names the update information (latest-mac.yml, latest-linux.yml) and the folder that downloads are kept in. The app
  // itself reads the servers from its settings.
  publish: [
    {
      provider: 'generic',
      url: 'https://github.com/gopherbar/gopherbar/releases/latest/download',
      useMultipleRangeRequest: false,
    },
  ],
  electronLanguages: ['en', 'zh_CN'],
  npmRebuild: false,
  asar: true,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
    // An unsigned build for oneself starts on Apple silicon only with an ad-hoc signature over the changed fuses.
    resetAdHocDarwinSignature: true,
  },
  protocols: [{ name: 'Gopherbar', schemes: ['gopherbar'], role: 'Viewer' }],
  mac: {
    category: 'public.app-category.developer-tools',
    icon: 'build/icons/app.icns',
    minimumSystemVersion: '13.0',
    target: [
      { target: 'dmg', arch: ['universal'] },
      { target: 'zip', arch: ['universal'] },
    ],
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: 'build/mac/entitlements.plist',
    entitlementsInherit: 'build/mac/entitlements.plist',
    notarize: canNotarize,
    extendInfo: {
      // A menu-bar app: no dock icon, no menu of its own.
      LSUIElement: true,
      CFBundleLocalizations: ['en', 'zh-Hans'],
    },
  },
  linux: {
    target: [{ target: 'AppImage', arch: ['x64', 'arm64'] }, 'dir'],
    executableName: 'gopherbar',
    icon: 'build/icons/app.png',
    category: 'Development',
  },
  afterPack: 'build/after-pack.mjs',
};
