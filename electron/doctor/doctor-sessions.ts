/** Consultations as the app holds them: one at a time; those that ended are stored, so that an outage can be looked up later. */
import * as v from 'valibot';
import { consultationSchema } from '../../shared/contract/schemas/doctor.ts';
import type { ArchivedConsultation, Consultation } from '../../shared/domain/doctor.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Stop } from '../system/clock.ts';
import { JsonFile, type JsonFilePorts } from '../system/json-file.ts';
import { consult } from './consult.ts';
import type { DoctorPorts } from './diagnosis-context.ts';
import { readTarget } from './target.ts';

interface Archived {
  readonly incidentId: string | null;
  readonly consultation: Consultation;
}

const SCHEMA = 1;

interface ArchiveFile {
  readonly schema: typeof SCHEMA;
  readonly kept: readonly Archived[];
}

const archiveFile: v.GenericSchema<unknown, ArchiveFile> = v.object({
  schema: v.literal(SCHEMA),
  kept: v.array(v.object({ incidentId: v.nullable(v.string()), consultation: consultationSchema })),
});

/** As many as anyone looks back at; some tens of KB each. */
const MAX_ARCHIVED = 30;

/** What the sessions need. */
export interface DoctorSessionsOptions extends JsonFilePorts {
  /** Called for each consultation, since settings change. */
  readonly ports: () => DoctorPorts;
  /** Path of the file that stores them. */
  readonly file: string;
}

/** Runs one consultation at a time and archives those that ended. */
export class DoctorSessions {
  readonly #options: DoctorSessionsOptions;
  readonly #file: JsonFile<ArchiveFile>;
  readonly #listeners = new Set<(consultation: Consultation) => void>();
  #archive: readonly Archived[];
  #current: Consultation | null;
  #running: AbortController | null = null;
  /** The one that is shown, running or not; null = an archived one is. */
  #shown: AbortController | null = null;
  #ended: Promise<unknown> = Promise.resolve();

  private constructor(options: DoctorSessionsOptions, file: JsonFile<ArchiveFile>, archive: readonly Archived[]) {
    this.#options = options;
    this.#file = file;
    this.#archive = archive;
    this.#current = archive[0]?.consultation ?? null;
  }

  /** Reads the stored ones. A file that cannot be read is reported, and the sessions start empty. */
  static async open({ file: path, ...options }: DoctorSessionsOptions): Promise<DoctorSessions> {
    const empty: ArchiveFile = { schema: SCHEMA, kept: [] };
    const file = new JsonFile<ArchiveFile>({ ...options, path, schema: archiveFile, empty });
    const read = await file.read();
    return new DoctorSessions({ file: path, ...options }, file, read.ok ? read.value.kept : []);
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
      (error: unknown) => this.#fail(error, running),
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
    await this.#file.close();
  }

  /** A cancelled one shows its end and nothing else; one that was replaced shows nothing. */
  #show(state: Consultation, running: AbortController): void {
    if (this.#shown === running && (this.#running === running || state.cancelled)) this.#tell(state);
  }

  async #end(done: Consultation, incidentId: string | null, running: AbortController): Promise<void> {
    if (this.#running === running) this.#running = null;
    if (done.cancelled) return;
    this.#archive = [{ incidentId, consultation: done }, ...this.#archive].slice(0, MAX_ARCHIVED);
    // A failure is reported by the file; what is in memory stays usable.
    await this.#file.replace({ schema: SCHEMA, kept: this.#archive });
    if (this.#shown === running) this.#tell(done);
  }

  /** An exception ends it as cancelled: nothing must look as if it were still running. */
  #fail(error: unknown, running: AbortController): void {
    const { log, clock } = this.#options;
    log.error('consultation failed', { message: String(error) });
    running.abort();
    if (this.#running === running) this.#running = null;
    if (this.#shown !== running || this.#current === null || this.#current.endedAt !== null) return;
    this.#tell({ ...this.#current, endedAt: clock.now(), cancelled: true });
  }

  #tell(state: Consultation): void {
    this.#current = state;
    for (const listener of this.#listeners) listener(state);
  }
}
