/** Many probes (or bare requests) at once in a process of their own: WAY COUNT PORT CA-FILE WARM-UP → one line of JSON. */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import * as tls from 'node:tls';
import { InlinePool } from '../../electron/probe/inline-pool.ts';
import { systemClock } from '../../electron/system/clock.ts';
import { http1Floor } from './floors.ts';

const [, , way = '', count = '1', port = '', caFile = '', warmUp = '1'] = process.argv;
const ca = readFileSync(caFile, 'utf8');
const limits = { dialMs: 60_000, tlsMs: 60_000, headerMs: 60_000, totalMs: 120_000 };
const pool = new InlinePool(systemClock);
const context = tls.createSecureContext({ ca: [...tls.rootCertificates, ca] });

async function once(): Promise<number> {
  const began = performance.now();
  if (way === 'floor') await http1Floor({ host: 'localhost', port: Number(port), path: '/x', context });
  else {
    const endpoint = { id: 'x', kind: 'goproxy', name: 'x', url: `https://localhost:${port}` } as const;
    const request = {
      endpoint,
      depth: 'light',
      limits: { soft: limits, hard: limits },
      network: { extraCa: [ca] },
    } as const;
    const result = await pool.probe(request, new AbortController().signal);
    if (result.outcome !== 'ok') throw new Error(JSON.stringify(result));
  }
  return performance.now() - began;
}

// These load code and roots: none of the crowd pays for it.
for (let i = 0; i < Number(warmUp); i += 1) await once();
const before = process.cpuUsage();
const times = await Promise.all(Array.from({ length: Number(count) }, once));
const { user, system } = process.cpuUsage(before);
const sorted = times.toSorted((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({
    cpuMicros: (user + system) / times.length,
    p99Ms: sorted[Math.floor(0.99 * (sorted.length - 1))],
    // Kibibytes on Linux (getrusage(2)).
    peakKb: process.resourceUsage().maxRSS,
  })}\n`,
);
process.exit();
