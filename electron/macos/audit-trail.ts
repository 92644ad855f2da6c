/** Every use of an administrator's password and every change to this Mac: when, what, how it ended. In the data folder. */
import * as v from 'valibot';
import { policyUseSchema } from '../../shared/contract/schemas/policy.ts';
import type { PolicyUse } from '../../shared/domain/policy.ts';
import type { Clock } from '../system/clock.ts';
import { JsonFile, type JsonFilePorts } from '../system/json-file.ts';

/** The newest are kept; some 100 bytes each. */
const KEPT = 200;

/** The app and the command line add to the same file, so every addition takes its lock. */
export class AuditTrail {
  readonly #file: JsonFile<readonly PolicyUse[]>;
  readonly #clock: Clock;

  constructor(path: string, ports: JsonFilePorts) {
    this.#file = new JsonFile<readonly PolicyUse[]>({
      ...ports,
      path,
      schema: v.array(policyUseSchema),
      empty: [],
      shared: true,
    });
    this.#clock = ports.clock;
  }

  /** Newest first; empty when the file is missing or cannot be read (which is reported). */
  async read(): Promise<readonly PolicyUse[]> {
    const uses = await this.#file.read();
    return uses.ok ? uses.value : [];
  }

  /** Adds an entry. One that cannot be written is reported; the work it describes has been done. */
  async add(command: string, outcome: PolicyUse['outcome']): Promise<void> {
    const use = { at: this.#clock.now(), command, outcome };
    await this.#file.update((uses) => [use, ...uses].slice(0, KEPT));
  }

  /** Resolves when every entry has been written. */
  close(): Promise<void> {
    return this.#file.close();
  }
}
