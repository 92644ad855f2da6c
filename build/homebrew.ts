/** The recipes of Homebrew: a cask for the app, a formula for the command line alone. Pure. */

const RELEASES = 'https://github.com/gopherbar/gopherbar/releases/download';

/** SHA-256 of a file of the release, in hex. */
type Digest = (name: string) => string;

/** The disk image of the app, as electron-builder.config.mjs names it. */
export function diskImage(version: string): string {
  return `Gopherbar-${version}-mac-universal.dmg`;
}

/** The npm package, as `npm pack` names it. */
export function npmPackage(version: string): string {
  return `gopherbar-${version}.tgz`;
}

/** A cask: https://docs.brew.sh/Cask-Cookbook. */
export function caskOf(version: string, digest: Digest): string {
  return `cask "gopherbar" do
  version "${version}"
  sha256 "${digest(diskImage(version))}"

  url "${RELEASES}/v#{version}/${diskImage('#{version}')}"
  name "Gopherbar"
  desc "Health, causes and fixes for Go module downloads in the menu bar"
  homepage "https://gopherbar.dev/"

  livecheck do
    url :url
    strategy :github_latest
  end

  auto_updates true
  depends_on macos: ">= :ventura"

  app "Gopherbar.app"
  binary "#{appdir}/Gopherbar.app/Contents/Resources/bin/gopherbar"

  uninstall quit: "dev.gopherbar.app"

  zap trash: [
    "~/Library/Application Support/Gopherbar",
    "~/Library/Caches/dev.gopherbar.app",
    "~/Library/Caches/dev.gopherbar.app.ShipIt",
    "~/Library/Caches/gopherbar-updater",
    "~/Library/Preferences/dev.gopherbar.app.plist",
  ]
end
`;
}

/** A formula: https://docs.brew.sh/Node-for-Formula-Authors. */
export function formulaOf(version: string, digest: Digest): string {
  return `class GopherbarCli < Formula
  desc "Why Go module downloads fail, and what helps: probes, explanations, a CI gate"
  homepage "https://gopherbar.dev/"
  url "${RELEASES}/v${version}/${npmPackage(version)}"
  sha256 "${digest(npmPackage(version))}"
  license "MIT"

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink libexec.glob("bin/*")
  end

  def caveats
    <<~EOS
      The cask gopherbar brings the same command along with the app: install one of the two.
    EOS
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/gopherbar --version")
    output = "read tcp 192.0.2.1:1->192.0.2.2:443: read: connection reset by peer"
    assert_match "connection-reset", pipe_output("#{bin}/gopherbar explain --json", output, 1)
  end
end
`;
}
