/** One reading of this Mac's policies, kept so that the next one can say what changed. */
import type { PolicyReading } from '../../shared/domain/policy.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import type { ProcessRunner } from '../system/process-runner.ts';
import { gather, isAvailable } from './gather.ts';
import { lastReading, type PolicyFile } from './policy-file.ts';
import { type AskedEndpoint, readingOf, unavailable } from './policy-reading.ts';

/** What a reading needs. */
export interface ReadPolicyOptions {
  readonly runner: ProcessRunner;
  readonly clock: Clock;
  readonly env: Env;
  /** `/`, or a test's own folder. */
  readonly root: string;
  /** Holds the last reading. */
  readonly last: PolicyFile;
  readonly endpoints: readonly AskedEndpoint[];
  readonly privileged: boolean;
  /** The `go` that is used, absolute; null when there is none. */
  readonly goPath: string | null;
  readonly signal?: AbortSignal | undefined;
}

/** Reads, compares with the last reading, keeps the new one. Never rejects; one that cannot be kept is returned all the same. */
export async function readPolicy(options: ReadPolicyOptions): Promise<PolicyReading> {
  const { runner, clock, env, root, last, endpoints, privileged, goPath, signal } = options;
  if (!isAvailable(root)) return unavailable(clock.now());
  const previous = await lastReading(last);
  const addresses = endpoints.flatMap(({ address }) => (address === null ? [] : [address]));
  const gathered = await gather({
    runner,
    root,
    home: env.HOME,
    addresses: [...new Set(addresses)],
    privileged,
    goPath,
    signal,
  });
  const uid = process.getuid?.() ?? null;
  const reading = readingOf(gathered, { at: clock.now(), privileged, endpoints, uid, previous });
  // A reading without pf's rules must not make the next one call every rule new.
  const kept =
    reading.rules.length === 0 && previous !== null
      ? { ...reading, rules: previous.rules, pfEnabled: previous.pfEnabled }
      : reading;
  await last.replace(kept);
  return reading;
}
