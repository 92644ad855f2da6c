/** Troubles of this machine and its tools that no server is to blame for: limits, files, clones, the trust service. Pure. */
import type { Rule } from './rules.ts';

/** Limits of this machine or of the user, whatever else the text says. */
export const LIMITS: readonly Rule[] = [
  [/too many open files/i, 'resource-limit'],
  [
    /out of memory|cannot allocate memory|OOMKilled|oom-kill|runtime: VirtualAlloc|pthread_create failed|insufficient memory|内存不足|无法分配内存/i,
    'resource-limit',
  ],
  [
    /fork(?:\/exec)?[^\n]*: resource temporarily unavailable|no buffer space available|no child processes/i,
    'resource-limit',
  ],
  [
    /signal: killed|killed by signal 9|^[ \t]*Killed(?:: 9)?[ \t]*$|\bKilled\s{2,}|exit (?:status|code):? 137\b|code 137\b|terminated by signal SIGKILL|signal 9\b/m,
    'resource-limit',
    0.9,
  ],
  [
    /timed out to load packages|Timeout exceeded: try increasing it|exceeded the maximum execution time|execution took longer than|job (?:execution )?timeout|exceeded the time limit|The operation was canceled\.|job exceeded the maximum/i,
    'resource-limit',
    0.85,
  ],
];

/** Files and folders. */
export const FILES: readonly Rule[] = [
  [
    /no space left on device|disk quota exceeded|超出磁盘限额|not enough space on the disk|磁盘空间不足|设备上没有空间/i,
    'disk-full',
  ],
  [
    /(?:pkg[/\\]mod|modcache|cache[/\\]download|pkg[/\\]sumdb|GOMODCACHE)[^\n]*: (?:permission denied|read-only file system|operation not permitted|Access is denied|拒绝访问|The process cannot access the file|另一个程序正在使用此文件)|(?:writing (?:stat|go\.mod) cache|could not create module cache|failed to create cache directory)[^\n]*(?:permission denied|read-only|denied)/i,
    'modcache-permission',
  ],
  [
    /(?:initialize build cache|disabling cache \(|build cache is (?:required|disabled)|go-build(?!\d))[^\n]*(?:permission denied|read-only|not defined|denied)|neither GOMODCACHE nor GOPATH is set|module cache not found/,
    'modcache-permission',
    0.85,
  ],
];

/** The clone that `go` keeps below GOMODCACHE/cache/vcs, and repositories that git will not touch. */
export const CLONES: readonly Rule[] = [
  [/dubious ownership in repository|unsafe repository|is owned by someone else/i, 'vcs-ownership'],
  [
    /'?origin'? does not appear to be a git repository|No such remote '?origin|remote origin already exists/i,
    'vcs-cache-broken',
  ],
  [
    /(?:loose )?object (?:file )?[^\n]* is (?:empty|corrupt)|index file corrupt|bad index file|packfile [^\n]* (?:is corrupt|does not match|cannot be accessed)|unable to read (?:sha1 file|tree)|(?:\.lock|index\.lock|shallow\.lock|config\.lock)'?: File exists|another git process seems to be running|shallow file has changed|cannot lock ref|failed to read object|inflate: data stream error/i,
    'vcs-cache-broken',
    0.9,
  ],
  [
    /cache\/vcs\/[\s\S]*(?:fatal: not a git repository|fatal: bad object|bad config line \d+ in file (?:config\b|\S*cache\/vcs))/,
    'vcs-cache-broken',
  ],
  [
    /expected shallow list|expected ACK\/NAK|unknown (?:switch|option):? `|error: unknown option|usage: git (?:\[|ls-remote|fetch)|unknown value for config 'protocol\.version'|git: '[\w-]+' is not a git command|unrecognized argument: --/i,
    'vcs-tool-outdated',
    0.92,
  ],
  // Since 1.18 `go build` asks git for the revision and prints only its exit status; nearly always the owner differs.
  [/error obtaining VCS status: (?!exec)/, 'vcs-ownership', 0.6],
];
