/** Consultations as the app holds them: one at a time; those that ended are stored, for whoever looks up an outage later. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { consultationSchema } from '../../shared/contract/schemas/doctor.ts';
import type { ArchivedConsultation, Consultation } from '../../shared/domain/doctor.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { errorCode } from '../system/error-facts.ts';
import { writeFileAtomic } from '../system/files.ts';
import type { Log } from '../system/log.ts';
import { consult } from './consult.ts';
import type { DoctorPorts } from './diagnosis-context.ts';
import { readTarget } from './target.ts';

interface Archived {
  readonly incidentId: string | null;
  readonly consultation: Consultation;
}

const archiveFile = v.object({
  schema: v.literal(1),
  kept: v.array(v.object({ incidentId: v.nullable(v.string()), consultation: consultationSchema })),
});

/** As many as anyone looks back at; some tens of KB each. */
const MAX_ARCHIVED = 30;

export interface DoctorSessionsOptions {
  /** Called for each consultation, since settings change. */
  readonly ports: () => DoctorPorts;
  /** Where they are stored. */
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class DoctorSessions {
  readonly #options: DoctorSessionsOptions;
  readonly #listeners = new Set<(consultation: Consultation) => void>();
  #archive: readonly Archived[];
  #current: Consultation | null;
  #running: AbortController | null = null;
  /** The one that is shown, running or not; null = an archived one is. */
  #shown: AbortController | null = null;
  #ended: Promise<unknown> = Promise.resolve();
  #stored: Promise<void> = Promise.resolve();

  private constructor(options: DoctorSessionsOptions, archive: readonly Archived[]) {
    this.#options = options;
    this.#archive = archive;
    this.#current = archive[0]?.consultation ?? null;
  }

  /** Reads the stored ones. A damaged file is started afresh: all of it can be measured again. */
  static async open(options: DoctorSessionsOptions): Promise<DoctorSessions> {
    return new DoctorSessions(options, await readArchive(options));
  }

  /** False when the text is neither a host nor a module. */
  start(text: string, incidentId: string | null): boolean {
    const ports = this.#options.ports();
    const target = readTarget(text, ports.settings.endpoints);
    if (target === null) return false;
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    this.#shown = running;
    const ended = consult(target, ports, (state) => this.#show(state, running), running.signal).then(
      (done) => this.#end(done, incidentId, running),
      (error: unknown) => this.#options.log.error('consultation failed', { message: String(error) }),
    );
    // One that this one replaces may still be ending.
    this.#ended = Promise.all([this.#ended, ended]);
    return true;
  }

  cancel(): void {
    this.#running?.abort();
    this.#running = null;
  }

  current(): Consultation | null {
    return this.#current;
  }

  archived(): readonly ArchivedConsultation[] {
    return this.#archive.map(({ incidentId, consultation: { startedAt, target, finding } }) => ({
      startedAt,
      target,
      incidentId,
      finding,
    }));
  }

  /** False when it is no longer stored. */
  reopen(startedAt: EpochMs): boolean {
    const found = this.#archive.find(({ consultation }) => consultation.startedAt === startedAt)?.consultation;
    if (found === undefined) return false;
    this.cancel();
    this.#shown = null;
    this.#tell(found);
    return true;
  }

  onChange(listener: (consultation: Consultation) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.cancel();
    await this.#ended;
  }

  /** A cancelled one shows its end and nothing else; one that was replaced shows nothing. */
  #show(state: Consultation, running: AbortController): void {
    if (this.#shown === running && (this.#running === running || state.cancelled)) this.#tell(state);
  }

  async #end(done: Consultation, incidentId: string | null, running: AbortController): Promise<void> {
    if (this.#running === running) this.#running = null;
    if (done.cancelled) return;
    this.#archive = [{ incidentId, consultation: done }, ...this.#archive].slice(0, MAX_ARCHIVED);
    const { file, log } = this.#options;
    const text = JSON.stringify({ schema: 1, kept: this.#archive });
    // In the order in which they ended, whichever write is faster.
    this.#stored = this.#stored.then(() =>
      writeFileAtomic(file, text).catch((error: unknown) =>
        log.warn('consultation not stored', { file, detail: String(error) }),
      ),
    );
    await this.#stored;
    if (this.#shown === running) this.#tell(done);
  }

  #tell(state: Consultation): void {
    this.#current = state;
    for (const listener of this.#listeners) listener(state);
  }
}

async function readArchive({ file, log }: DoctorSessionsOptions): Promise<readonly Archived[]> {
  try {
    const read = v.safeParse(archiveFile, JSON.parse(await readFile(file, 'utf8')));
    if (read.success) return read.output.kept;
    log.warn('consultations not read', { file });
    return [];
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') log.warn('consultations not read', { file });
    return [];
  }
}
