/** The Go versions that tests drive: the one a terminal finds, and on Linux a newer one that bootstrap unpacked. */
import { execFileSync } from 'node:child_process';
import { newerGo } from './cache.mjs';

export interface Toolchain {
  /** As `go version` says it, such as `go1.24.4`. */
  readonly version: string;
  /** Absolute path of its `go`. */
  readonly path: string;
}

/** Throws when one of them is missing: a test that silently drove one only would prove half. */
export function goToolchains(): readonly Toolchain[] {
  const system = execFileSync('/bin/sh', ['-c', 'command -v go'], { encoding: 'utf8' }).trim();
  const paths = process.platform === 'linux' ? [system, newerGo()] : [system];
  return paths.map((path) => {
    const said = execFileSync(path, ['version'], { encoding: 'utf8', env: { HOME: '/', GOTOOLCHAIN: 'local' } });
    return { path, version: /^go version (\S+)/.exec(said)?.[1] ?? said };
  });
}
