/** One row of the table of faults. */
import type { World } from './fault-world.ts';

/** A fault of the environment: how it is caused and healed, and which problem names it. */
export interface Fault {
  readonly name: string;
  /** The key of the problem that names it; null = it is no problem, and everything works. */
  readonly told: string | null;
  /** Where: in the snapshot, or as the answer to a switch or to a change of the settings. */
  readonly by: 'snapshot' | 'switch' | 'settings';
  /** Before the engine starts, or (the default) while it runs. */
  readonly atStart?: boolean;
  /** Needs a file system of its own, and so root. */
  readonly mount?: boolean;
  /** Changes the whole process (its clock, its user): no other row runs meanwhile. */
  readonly alone?: boolean;
  /** Gives up root, and so needs it. */
  readonly root?: boolean;
  readonly cause: (world: World) => void | Promise<void>;
  readonly heal: (world: World) => void | Promise<void>;
  /** The problem is still reported after the cause has gone: what it names has happened for good. */
  readonly stays?: boolean;
}
