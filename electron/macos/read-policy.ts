/** One reading of this Mac's policies, kept so that the next one can say what changed. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { policyReadingSchema } from '../../shared/contract/schemas/policy.ts';
import type { PolicyReading } from '../../shared/domain/policy.ts';
import type { Clock } from '../system/clock.ts';
import { type Env, writeFileAtomic } from '../system/files.ts';
import type { ProcessRunner } from '../system/process-runner.ts';
import { gather, isAvailable } from './gather.ts';
import { type AskedEndpoint, readingOf, unavailable } from './policy-reading.ts';

export interface ReadPolicyOptions {
  readonly runner: ProcessRunner;
  readonly clock: Clock;
  readonly env: Env;
  /** `/`, or a test's own folder. */
  readonly root: string;
  /** Where the last reading is kept. */
  readonly file: string;
  readonly endpoints: readonly AskedEndpoint[];
  readonly privileged: boolean;
  /** The `go` that is used, absolute; null when there is none. */
  readonly goPath: string | null;
  readonly signal?: AbortSignal | undefined;
}

/** Reads, compares with the last reading, keeps the new one. Never rejects; a reading that cannot be kept is given. */
export async function readPolicy(options: ReadPolicyOptions): Promise<PolicyReading> {
  const { runner, clock, env, root, file, endpoints, privileged, goPath, signal } = options;
  if (!isAvailable(root)) return unavailable(clock.now());
  const previous = await lastReading(file);
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
  await writeFileAtomic(file, JSON.stringify(kept)).catch(() => {});
  return reading;
}

/** null when there is none, or none that can be read. */
export async function lastReading(file: string): Promise<PolicyReading | null> {
  try {
    const parsed = v.safeParse(policyReadingSchema, JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
