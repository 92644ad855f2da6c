/** curl as a peer: the CPU time of its processes, as the shell that starts them sees it. */
import { execFile, spawnSync } from 'node:child_process';
import type { ExternalCost } from './rounds.ts';

/** Whether curl and bash (whose `time` sums the CPU time of children) are there. */
export function hasCurl(): boolean {
  return ['curl', 'bash'].every((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

const COMMON = '-sS -o /dev/null --fail --cacert "$CA" --no-sessionid';

/** One curl process a request. */
export function curlProcessEach(url: string, caFile: string, http: '1.1' | '2', count: number): Promise<ExternalCost> {
  return timed(`for ((i = 0; i < N; i++)); do curl ${COMMON} --http${http} "$URL"; done`, url, caFile, count);
}

/** One curl process for all requests; `Connection: close` makes each connection a new one. */
export function curlOneProcess(url: string, caFile: string, count: number): Promise<ExternalCost> {
  return timed(`curl ${COMMON} --http1.1 -H 'Connection: close' "$URL?[1-$N]"`, url, caFile, count);
}

function timed(script: string, url: string, caFile: string, count: number): Promise<ExternalCost> {
  const env = { ...process.env, URL: url, CA: caFile, N: String(count), LC_ALL: 'C', TIMEFORMAT: '%3U %3S' };
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', `set -e; time { ${script}; }`], { env }, (error, _, stderr) => {
      const [user, system] = stderr.trim().split(/\s+/).slice(-2).map(Number);
      if (error !== null || user === undefined || system === undefined) reject(error ?? new Error(stderr));
      else resolve({ cpuMicros: (user + system) * 1e6 });
    });
  });
}
