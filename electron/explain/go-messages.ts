/** What `go` says when no wire is to blame: settings, files, versions, checksums. Sources: cmd/go/internal/…, as named. */
import type { Cause } from '../../shared/domain/cause.ts';

type Rule = readonly [RegExp, Cause];

/** Before anything else is looked at: these decide whatever they wrap. */
export const DECISIVE: readonly Rule[] = [
  // modfetch/fetch.go: the block names go.sum, or the checksum server.
  [/checksum mismatch[\s\S]*\bgo\.sum: /, 'checksum-mismatch-gosum'],
  [
    /checksum mismatch[\s\S]*(?:checksum server|SECURITY ERROR)|checksum missing from sumdb response/,
    'checksum-mismatch-sumdb',
  ],
  [/invalid GOSUMDB|missing GOSUMDB/, 'gosumdb-invalid'],
  // modfetch/proxy.go.
  [/lookup disabled by GOPROXY=off/, 'goproxy-off'],
  [
    /GOPROXY list is not the empty string, but contains no entries|invalid proxy URL|invalid file:\/\/ proxy URL|refusing to pass credentials to insecure URL/,
    'goproxy-invalid',
  ],
  [
    /\bparse "?[“"'‘]?(?:https?|file)?[^\n]*: (?:first path segment in URL cannot contain colon|invalid character |invalid port|net\/url|missing protocol scheme|invalid URL escape)/,
    'goproxy-invalid',
  ],
  // base/goflags.go, modload/init.go.
  [/parsing \$GOFLAGS/, 'goflags-invalid'],
  [
    /-mod may only be set to|build flag -mod=\S+ only valid|-modfile cannot be used with|cannot (?:use|be) .* in workspace mode|-mod=\S+ .*(?:conflict|cannot be)/,
    'goflags-conflict',
  ],
  // envcmd/env.go.
  [/does not override conflicting OS environment variable/, 'env-overridden'],
  [
    /unknown go command variable|arguments must be KEY=VALUE|writing go env config|can only be set using the OS environment|multiple values for key|invalid (?:newline in )?GO[A-Z0-9]+\S* value|GO\w+ (?:cannot be modified|may not be set)/,
    'env-write-failed',
  ],
  // Files.
  [
    /no space left on device|disk quota exceeded|超出磁盘限额|not enough space on the disk|磁盘空间不足|设备上没有空间/i,
    'disk-full',
  ],
  [
    /(?:pkg\/mod|modcache|cache\/download|GOMODCACHE)[^\n]*: (?:permission denied|read-only file system|operation not permitted)|(?:writing (?:stat|go\.mod) cache|could not create module cache)[^\n]*(?:permission denied|read-only)/,
    'modcache-permission',
  ],
  [/exec: "(?:git|hg|svn|bzr|fossil)": executable file not found/, 'vcs-tool-missing'],
  [/GOVCS disallows using/, 'govcs-disallowed'],
  // toolchain/select.go, gover.
  [
    /requires go >= \S+ \(running go|invalid go version '[^']*': must match format|unknown directive: (?:toolchain|tool|godebug|ignore)|module requires Go \d|note: module requires Go/,
    'go-version-too-new',
  ],
  // modload.
  [/errors parsing go\.mod/, 'gomod-invalid'],
  [/inconsistent vendoring in/, 'vendor-inconsistent'],
  [/malformed go\.sum/, 'gosum-malformed'],
  [/missing go\.sum entry|go: updates to go\.sum needed/, 'gosum-missing-entry'],
  [
    /go\.mod file not found in current directory or any parent|cannot find main module|no modules? specified|directory .* outside (?:main module|available modules)/,
    'outside-module',
  ],
  [
    /no required module provides package|updates to go\.mod needed|is not a known dependency|to add missing requirements|provides package \S+ and is replaced but not required/,
    'gomod-needs-update',
  ],
  [/(?:found|main modules?|workspace modules)\b[^\n]* do(?:es)? not contain package/, 'package-not-in-module'],
  [/module declares its path as: /, 'module-path-mismatch'],
  [
    /malformed module path|malformed import path|package \S+ is not in (?:GOROOT|std)|cannot find package "|invalid (?:module|import) path/,
    'module-path-malformed',
  ],
];

/** Once the wire and the version control tools have had their say. */
export const REMAINING: readonly Rule[] = [
  [/zip: not a valid zip file|zip: checksum error|not a valid zip|flate: corrupt input/, 'zip-corrupt'],
  [/proxy returned info for version/, 'not-a-goproxy'],
  [/invalid response from proxy[^\n]*invalid character '<'/, 'captive-portal'],
  [/invalid response from proxy/, 'not-a-goproxy'],
  [/parsing go\.mod: missing module line/, 'captive-portal'],
  [
    /no go-import meta tags|expected \d+ \w+ in meta tag|is not using a known version control system|unrecognized import path[^\n]*(?:reading|pars(?:e|ing)) |multiple meta tags match/,
    'go-import-missing',
  ],
  [
    /\+incompatible suffix not allowed|has non-\.\.\.\/v\d+ module path|module path must match major version|should be v[01], not v\d|module path includes a major version suffix|should not have @v|does not match version-control timestamp|invalid pseudo-version|is not a tag|missing \.mod or|go\.mod has post-v\d|must be followed by|invalid version: (?:should|must|module|go\.mod|version|go\.sum)|unknown revision v\d+\.\d+\.\d+-0\.\d{14}/,
    'invalid-version',
  ],
  [
    /unknown revision|no matching versions for query|invalid version: unknown|version "[^"]*" invalid: unknown revision/,
    'unknown-revision',
  ],
  [
    /no module declaration in go\.mod|errors parsing go\.mod|parsing go\.mod:|go\.mod:\d+(?::\d+)?: |invalid go\.mod/,
    'gomod-invalid',
  ],
  [/module lookup disabled/, 'goproxy-off'],
  // Up to Go 1.14 nobody says whose answer it was.
  [/: invalid character '<' looking for beginning of value/, 'captive-portal'],
  [/: (?:invalid character '[^\n]{1,8}' looking for beginning of value|unexpected end of JSON input)/, 'not-a-goproxy'],
  // GOPATH mode, up to Go 1.5: the reason was only printed by -v.
  [/unrecognized import path "[^"\n]+"\s*$/m, 'go-import-missing'],
  [/no such file or directory/, 'module-not-found'],
  [/cannot find module providing package|module \S+: not found|not found: /, 'module-not-found'],
];

/** What a checksum database's answer is when it is no record of its own (modfetch/sumdb.go, sumdb/client.go, tlog). */
export const INVALID_RECORD =
  /malformed record data|no verifiable signatures|malformed (?:note|tree)|reading tree note|invalid signature|bad (?:tile|hash)|missing hash|downloaded inconsistent tile|not in tree|server misbehavior/i;

/** The first rule that fits. */
export function firstOf(rules: readonly Rule[], text: string): Cause | null {
  return rules.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
