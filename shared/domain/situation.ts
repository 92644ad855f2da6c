/** Where and how a command failed, as far as known: input of a remedy besides the cause. Pure. */
import type { HostKind } from './host-kind.ts';

/** Where the command ran. */
export type Place = 'terminal' | 'editor' | 'ci' | 'docker' | 'homebrew';

/** What a remedy depends on besides the cause. */
export interface Situation {
  readonly place: Place;
  /** Of the host at fault; null when none is known. */
  readonly hostKind: HostKind | null;
  /** git over ssh: neither .netrc nor a GOPROXY helps. */
  readonly isSsh: boolean;
  /** `go` asked the site of the import path itself (`?go-get=1`), not a proxy. */
  readonly isDiscovery: boolean;
  /** The server responded that it does not exist. */
  readonly isAbsent: boolean;
  /** An address of IPv6 was dialled. */
  readonly isIpv6: boolean;
  /** The resolver that was asked is this machine itself. */
  readonly isLoopbackResolver: boolean;
  /** A `replace` of go.mod leads to a folder. */
  readonly isReplace: boolean;
  /** The path that a module declares for itself where another was required; null when the text names none. */
  readonly declaredPath: string | null;
  /** It ran on Windows. */
  readonly isWindows: boolean;
  /** The tool itself was built with an older Go than the project's: golangci-lint. */
  readonly isOldTool: boolean;
  /** `go install PATH@VERSION` of a module whose go.mod replaces or excludes others. */
  readonly isInstall: boolean;
  /** The command does not fit a workspace (go.work). */
  readonly isWorkspace: boolean;
  /** The refusal is the page of a company's filter on the way. */
  readonly isGatewayPage: boolean;
  /** What is in the module does not fit into a zip as Go wants it (x/mod/zip). */
  readonly breaksZipRules: boolean;
  /** The `go` that ran is older than 1.21 and cannot read the file. */
  readonly isOldGo: boolean;
  /** Which limit was hit; null when none, or when the text does not say. */
  readonly limit: 'files' | 'memory' | 'time' | null;
  /** `1.23.5` of "running go 1.23.5"; null when it is not known. */
  readonly goVersion: string | null;
  /**
   * What the go line asks for: `1.24.0` of "requires go >= 1.24.0", `1.22` of "download go1.22"; null when not known.
   */
  readonly wantedGo: string | null;
}

/** Of a failure about which only the cause is known. */
export const NO_SITUATION: Situation = {
  place: 'terminal',
  hostKind: null,
  isSsh: false,
  isDiscovery: false,
  isAbsent: false,
  isIpv6: false,
  isLoopbackResolver: false,
  isReplace: false,
  declaredPath: null,
  isWindows: false,
  isOldTool: false,
  isInstall: false,
  isWorkspace: false,
  isGatewayPage: false,
  breaksZipRules: false,
  isOldGo: false,
  limit: null,
  goVersion: null,
  wantedGo: null,
};
