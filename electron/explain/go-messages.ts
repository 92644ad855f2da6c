/** What `go` says when no wire is to blame: settings, files, versions, checksums. Sources: cmd/go/internal/…, as named. */
import { FILES, LIMITS } from './local.ts';
import type { Rule } from './rules.ts';

/**
 * Packages that the standard library has had since Go 1.16 (go.dev/doc/devel/release): when `go` does not know one, it is
 * too old; the path is right.
 */
const NEWER_STD =
  /(?:package |cannot load |cannot find package "|malformed (?:module|import) path ")(?:embed|io\/fs|testing\/(?:fstest|slogtest|synctest|cryptotest)|runtime\/(?:metrics|coverage)|go\/(?:build\/constraint|doc\/comment|version)|debug\/buildinfo|net\/netip|crypto\/(?:ecdh|mlkem|hkdf|pbkdf2|sha3|fips140|hpke|mldsa)|log\/slog|slices|maps|cmp|math\/rand\/v2|iter|structs|unique|weak|encoding\/json\/(?:v2|jsontext)|uuid)(?:" in any of|:? (?:is not in|malformed module path)|": missing dot)/;

/** Before anything else is looked at: these decide whatever they wrap. */
export const DECISIVE: readonly Rule[] = [
  ...LIMITS,
  // modfetch/fetch.go: the block names go.sum, or the checksum server.
  [/checksum mismatch[\s\S]*\bgo\.sum: /, 'checksum-mismatch-gosum'],
  [
    /checksum mismatch[\s\S]*(?:checksum server|SECURITY ERROR|\n\s*[\w.-]+:\s+h1:)|checksum missing from sumdb response/,
    'checksum-mismatch-sumdb',
  ],
  [/does NOT match an earlier download recorded in go\.sum/, 'checksum-mismatch-gosum', 0.9],
  // Gazelle compares what it downloaded with the sum that go.sum gives it.
  [/resulting module with sum h1:\S+; expected sum /, 'checksum-mismatch-gosum'],
  [/does NOT match the one reported by the checksum server/, 'checksum-mismatch-sumdb', 0.9],
  // sumdb/client.go: the database contradicts what it said before.
  [/malformed record data/, 'sumdb-invalid-answer', 0.6],
  [/database server misbehavior|misbehaving server/, 'sumdb-invalid-answer'],
  // modcmd/verify.go.
  [/: (?:dir|zip) has been modified \(/, 'checksum-mismatch-gosum', 0.85],
  [/invalid GOSUMDB|missing GOSUMDB/, 'gosumdb-invalid'],
  // modfetch/proxy.go.
  [/lookup disabled by GOPROXY=off/, 'goproxy-off'],
  [
    /GOPROXY list is not the empty string, but contains no entries|invalid proxy URL|unsupported protocol scheme "|invalid file:\/\/ proxy URL|refusing to pass credentials to insecure URL/,
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
  ...FILES,
  [/exec: "(?:git|hg|svn|bzr|fossil)": executable file not found/, 'vcs-tool-missing'],
  [
    /exec: "go": executable file not found|\bgo[:：] ?(?:(?:command )?not found|未找到命令|找不到命令|No such file or directory$)|(?:command not found|Unknown command|not found|找不到命令)[:：]? ['"‘“]?go['"’”]?[ \t]*$|['"‘“]go['"’”] ?(?:is not recognized|不是内部或外部命令|: No such file)|the term ['"‘]go['"’] is not recognized|无法将["“]go["”]项识别为|spawn go ENOENT|\/bin\/go: (?:cannot execute|No such file)|cannot find GOROOT directory|go: no such tool "(?:asm|buildid|cgo|compile|covdata|cover|link|pack|vet)"/im,
    'go-tool-missing',
    0.9,
  ],
  [/go: no such tool "/, 'gomod-needs-update', 0.85],
  [/GOVCS disallows using/, 'govcs-disallowed'],
  // toolchain/select.go, gover, modload/init.go (go.work), golangci-lint.
  [/cannot load module \S+ listed in go\.work file: open /, 'module-not-found', 0.85],
  [/listed in go\.work file requires go >= \S+, but go\.work/, 'gomod-needs-update'],
  [
    /requires go >= \S+ \(running go|invalid go version '[^']*': must match format|unknown (?:directive|block type): (?:toolchain|tool|godebug|ignore)|module requires Go \d|note: (?:module requires|imported by a module that requires) [Gg]o|maximum (?:supported version|version supported by tidy|supported Go version)|requires newer Go version|Go language version [^\n]* is lower than the targeted|requires at least Go|is newer than this/,
    'go-version-too-new',
  ],
  [
    /is a language version but not a toolchain version|invalid GOTOOLCHAIN "|cannot find "go\d[^"]*" in PATH|toolchain not available/,
    'toolchain-not-available',
  ],
  [/invalid toolchain[ :]/, 'toolchain-not-available', 0.8],
  // modload.
  [/errors parsing go\.mod/, 'gomod-invalid'],
  [
    /inconsistent vendoring in|: is [^\n]{1,60}(?:go\.mod|vendor\/modules\.txt),? but [^\n]{0,60}(?:vendor\/modules\.txt|go\.mod)/,
    'vendor-inconsistent',
  ],
  [
    /import lookup disabled by -mod=vendor|cannot load \S+: open \S*[/\\]vendor[/\\]\S+: no such file|can(?:'t|not) (?:resolve|query) module (?:using the vendor|due to -mod=vendor)|missing from vendor\/modules\.txt/,
    'vendor-inconsistent',
    0.85,
  ],
  [/malformed go\.sum/, 'gosum-malformed'],
  [/missing go\.sum entry|go: updates to go\.sum needed/, 'gosum-missing-entry'],
  [
    /go\.mod file not found in current directory or any parent|no longer supported outside a module|path@version syntax (?:in GOPATH mode|with)|modules disabled by GO111MODULE=off|cannot determine module path for source directory|not one of the workspace modules listed|directory prefix \S+ does not contain|cannot find main module|no modules? specified|directory .* outside (?:main module|available modules)/,
    'outside-module',
  ],
  [
    /no required module provides package|updates to go\.mod needed|is not a known dependency|to add missing requirements|provides package \S+ and is replaced but not required/,
    'gomod-needs-update',
  ],
  [/replacement directory [^\n]* does not exist/, 'module-not-found', 0.9],
  [/ambiguous import: found /, 'ambiguous-import'],
  [/(?:found|main modules?|workspace modules)\b[^\n]* do(?:es)? not contain package/, 'package-not-in-module'],
  [/\bno Go files in \S*pkg[/\\]mod[/\\]/, 'package-not-in-module', 0.85],
  // modload/init.go, errors of `go install PATH@VERSION`.
  [/The go\.mod file for the module providing named packages contains/, 'gomod-invalid', 0.85],
  [/module declares its path as: |unexpected module path "/, 'module-path-mismatch'],
  [NEWER_STD, 'go-version-too-new', 0.9],
  // GOPATH mode: nothing was downloaded, often because a `go get` before it failed.
  [/cannot find package "[^"\n]*" in any of\b/, 'outside-module', 0.6],
  [
    /malformed module path|malformed import path|package \S+ is not in (?:GOROOT|std)|cannot find package "|invalid (?:module|import) path|import path does not begin with hostname/,
    'module-path-malformed',
  ],
];

/** Once the wire and the version control tools have had their say. */
export const REMAINING: readonly Rule[] = [
  [/zip: not a valid zip file|zip: checksum error|not a valid zip|flate: corrupt input/, 'zip-corrupt', 0.85],
  // x/mod/zip.
  [
    /create zip: |module source tree too large|zip for \S+ has (?:unexpected file|too many files|too large)|module zip file is too large|(?:downloaded )?zip file too large|(?:LICENSE|go\.mod) file too large|total uncompressed size|is larger than declared size|case-insensitive file name collision|path does not have prefix "/,
    'zip-corrupt',
  ],
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
  // Up to Go 1.14 the text does not say whose answer it was.
  [/: invalid character '<' looking for beginning of value/, 'captive-portal'],
  [
    /(?<!fetch_repo): (?:invalid character '[^\n]{1,8}' looking for beginning of value|unexpected end of JSON input)/,
    'not-a-goproxy',
  ],
  // GOPATH mode, up to Go 1.5: the reason was only printed by -v.
  [/unrecognized import path "[^"\n]+"[ \t]*$/m, 'go-import-missing'],
  [/file:\/\/[^\n]*(?:no such file or directory|: Not Found)/, 'module-not-found', 0.85],
  [/cannot find module providing package|module \S+: not found/, 'module-not-found', 0.85],
  [
    /(?<=(?:\breading |\bgo: |@v\d|\breplace)[^\n]*)no such file or directory|not found: (?:module |\S+@\S+|\S+\.\S+\/)/,
    'module-not-found',
    0.5,
  ],
  // Wrappers cut what follows.
  [/unrecognized import path\b/, 'go-import-missing', 0.6],
];

/** What a checksum database's answer is when it is no record of its own (modfetch/sumdb.go, sumdb/client.go, tlog). */
export const INVALID_RECORD =
  /malformed record data|no verifiable signatures|malformed (?:note|tree)|reading tree note|invalid signature|bad (?:tile|hash)|missing hash|downloaded inconsistent tile|not in tree|server misbehavior/i;
