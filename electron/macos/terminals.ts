/** Terminals and editors that `go` is started from, by bundle identifier: macOS judges a tool by the app that started it. */
export const DEVELOPER_APPS: Readonly<Record<string, string>> = {
  'com.apple.Terminal': 'Terminal',
  'com.googlecode.iterm2': 'iTerm2',
  'dev.warp.Warp-Stable': 'Warp',
  'com.mitchellh.ghostty': 'Ghostty',
  'net.kovidgoyal.kitty': 'kitty',
  'com.github.wez.wezterm': 'WezTerm',
  'org.alacritty': 'Alacritty',
  'io.alacritty': 'Alacritty',
  'co.zeit.hyper': 'Hyper',
  'com.microsoft.VSCode': 'Visual Studio Code',
  'com.microsoft.VSCodeInsiders': 'Visual Studio Code Insiders',
  'com.todesktop.230313mzl4w4u92': 'Cursor',
  'com.exafunction.windsurf': 'Windsurf',
  'dev.zed.Zed': 'Zed',
  'dev.zed.Zed-Preview': 'Zed Preview',
  'com.jetbrains.goland': 'GoLand',
  'com.jetbrains.intellij': 'IntelliJ IDEA',
  'com.jetbrains.intellij.ce': 'IntelliJ IDEA CE',
  'com.apple.dt.Xcode': 'Xcode',
};

/** Install paths that differ from /Applications/NAME.app. */
const BUNDLES: Readonly<Record<string, string>> = {
  'com.apple.Terminal': '/System/Applications/Utilities/Terminal.app',
  'com.googlecode.iterm2': '/Applications/iTerm.app',
  'com.microsoft.VSCodeInsiders': '/Applications/Visual Studio Code - Insiders.app',
  'com.jetbrains.intellij.ce': '/Applications/IntelliJ IDEA CE.app',
};

/** The folder of an app, absolute. */
export function bundlePath(bundleId: string): string {
  return BUNDLES[bundleId] ?? `/Applications/${DEVELOPER_APPS[bundleId] ?? bundleId}.app`;
}
