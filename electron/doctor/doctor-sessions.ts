/** Consultations as the app holds them: one at a time; those that ended are kept, so that an outage can be looked up later. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { consultationSchema } from '../../shared/contract/doctor-outputs.ts';
import type { Consultation, KeptConsultation } from '../../shared/domain/doctor.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { errorCode } from '../system/error-facts.ts';
import { writeFileAtomic } from '../system/files.ts';
import type { Log } from '../system/log.ts';
import { consult } from './consult.ts';
import type { DoctorPorts } from './diagnosis-context.ts';
import { readTarget } from './target.ts';

interface Kept {
  readonly incidentId: string | null;
  readonly consultation: Consultation;
}

const keptFile = v.object({
  schema: v.literal(1),
  kept: v.array(v.object({ incidentId: v.nullable(v.string()), consultation: consultationSchema })),
});

/** As many as anyone looks back at; some tens of KB each. */
const KEPT = 30;

export interface ConsultingOptions {
  /** Made anew for each, since settings change. */
  readonly ports: () => DoctorPorts;
  /** Where they are kept. */
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class DoctorSessions {
  readonly #options: ConsultingOptions;
  readonly #listeners = new Set<(consultation: Consultation) => void>();
  #kept: readonly Kept[];
  #current: Consultation | null;
  #running: AbortController | null = null;
  #ended: Promise<void> = Promise.resolve();

  private constructor(options: ConsultingOptions, kept: readonly Kept[]) {
    this.#options = options;
    this.#kept = kept;
    this.#current = kept[0]?.consultation ?? null;
  }

  /** Reads what was kept; a damaged file is begun anew, since everything in it can be found out again. */
  static async open(options: ConsultingOptions): Promise<DoctorSessions> {
    return new DoctorSessions(options, await readKept(options));
  }

  /** False when the text is neither a host nor a module. */
  start(text: string, incidentId: string | null): boolean {
    const ports = this.#options.ports();
    const target = readTarget(text, ports.settings.endpoints);
    if (target === null) return false;
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    this.#ended = consult(target, ports, (state) => this.#show(state, running), running.signal).then(
      (done) => this.#end(done, incidentId, running),
      (error: unknown) => this.#options.log.error('consultation failed', { message: String(error) }),
    );
    return true;
  }

  cancel(): void {
    this.#running?.abort();
    this.#running = null;
  }

  current(): Consultation | null {
    return this.#current;
  }

  kept(): readonly KeptConsultation[] {
    return this.#kept.map(({ incidentId, consultation: { startedAt, target, finding } }) => ({
      startedAt,
      target,
      incidentId,
      finding,
    }));
  }

  /** False when it is not kept any more. */
  recall(startedAt: EpochMs): boolean {
    const found = this.#kept.find(({ consultation }) => consultation.startedAt === startedAt)?.consultation;
    if (found === undefined) return false;
    this.cancel();
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

  /** A cancelled one shows its end, unless another has begun. */
  #show(state: Consultation, running: AbortController): void {
    if (this.#running === running || (this.#running === null && state.cancelled)) this.#tell(state);
  }

  async #end(done: Consultation, incidentId: string | null, running: AbortController): Promise<void> {
    if (this.#running === running) this.#running = null;
    if (done.cancelled) return;
    this.#kept = [{ incidentId, consultation: done }, ...this.#kept].slice(0, KEPT);
    const { file, log } = this.#options;
    const text = JSON.stringify({ schema: 1, kept: this.#kept });
    await writeFileAtomic(file, text).catch((error: unknown) =>
      log.warn('consultation not kept', { file, detail: String(error) }),
    );
    this.#tell(done);
  }

  #tell(state: Consultation): void {
    this.#current = state;
    for (const listener of this.#listeners) listener(state);
  }
}

async function readKept({ file, log }: ConsultingOptions): Promise<readonly Kept[]> {
  try {
    const read = v.safeParse(keptFile, JSON.parse(await readFile(file, 'utf8')));
    if (read.success) return read.output.kept;
    log.warn('consultations not read', { file });
    return [];
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') log.warn('consultations not read', { file });
    return [];
  }
}
