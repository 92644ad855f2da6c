/** Every use of an administrator's password and every change on this Mac: when, what, how it ended. Kept in the data folder. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { policyUseSchema } from '../../shared/contract/schemas/policy.ts';
import type { PolicyUse } from '../../shared/domain/policy.ts';
import type { Clock } from '../system/clock.ts';
import { writeFileAtomic } from '../system/files.ts';

const KEPT = 200;

export class AuditTrail {
  readonly #file: string;
  readonly #clock: Clock;

  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** Newest first; [] when there is none, or none that can be read. */
  async read(): Promise<readonly PolicyUse[]> {
    try {
      const parsed = v.safeParse(v.array(policyUseSchema), JSON.parse(await readFile(this.#file, 'utf8')));
      return parsed.success ? parsed.output : [];
    } catch {
      return [];
    }
  }

  /** Adds one; a full disk loses the note, not the work. */
  async add(command: string, outcome: PolicyUse['outcome']): Promise<void> {
    const uses = [{ at: this.#clock.now(), command, outcome }, ...(await this.read())].slice(0, KEPT);
    await writeFileAtomic(this.#file, JSON.stringify(uses)).catch(() => {});
  }
}
