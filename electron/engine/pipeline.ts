/**
 * The way of a result through the engine: observe → judge → react → publish. Each step is one call below, in this order;
 * nothing flows back but the schedule, which reads the book.
 */
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { EndpointBook } from './endpoint-book.ts';
import {
  INITIAL_JUDGEMENT,
  type JudgementFacts,
  type JudgementState,
  type JudgementStep,
  stepJudgement,
} from './judgement.ts';
import type { Reactions } from './reactions.ts';
import type { Publisher } from './snapshot.ts';

export interface PipelineParts {
  readonly clock: Clock;
  readonly book: EndpointBook;
  readonly reactions: Reactions;
  readonly publisher: Publisher;
  readonly isDrilled: (endpointId: string) => boolean;
  readonly facts: () => JudgementFacts;
  readonly assemble: (step: JudgementStep) => Snapshot;
}

export class Pipeline {
  readonly #parts: PipelineParts;
  #state: JudgementState = INITIAL_JUDGEMENT;
  #snapshot: Snapshot | null = null;
  #stopRecheck: Stop = () => {};
  #isUpdating = false;
  #closed = false;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  get state(): JudgementState {
    return this.#state;
  }

  /** Takes a result into the book and stores what it means for its endpoint; false = it was not judged. */
  observe(endpointId: string, result: OkResult | FailedResult): boolean {
    const { book, reactions, publisher, isDrilled } = this.#parts;
    const context = { isOffline: this.#state.offlineSince !== null, isDrilled: isDrilled(endpointId) };
    const observation = book.observe(endpointId, result, context);
    if (observation === null) return true;
    reactions.toObservation(observation);
    publisher.publishSoon();
    return observation.judged;
  }

  /** Judges, reacts and publishes now. */
  update(): Snapshot {
    if (this.#snapshot !== null && (this.#isUpdating || this.#closed)) return this.#snapshot;
    const { reactions, publisher, assemble } = this.#parts;
    this.#isUpdating = true;
    try {
      const step = this.#judge();
      const announcements = reactions.toJudgement(step);
      const snapshot = assemble(step);
      this.#snapshot = snapshot;
      publisher.publish(snapshot, announcements);
      return snapshot;
    } finally {
      this.#isUpdating = false;
    }
  }

  /** The present snapshot; a waiting change is published first. */
  current(): Snapshot {
    return this.#snapshot === null || this.#parts.publisher.isDue ? this.update() : this.#snapshot;
  }

  close(): void {
    this.#closed = true;
    this.#stopRecheck();
  }

  #judge(): JudgementStep {
    const { clock, reactions, facts } = this.#parts;
    let step = stepJudgement(this.#state, facts());
    this.#state = step.state;
    reactions.toOffline(step);
    if (step.offline?.change === 'ended') {
      // What failed while the machine was offline has just been discarded: judge what is left.
      step = stepJudgement(this.#state, facts());
      this.#state = step.state;
    }
    this.#stopRecheck();
    const { recheckAt, now } = step;
    this.#stopRecheck = recheckAt === null ? () => {} : clock.after(recheckAt - now, () => this.update());
    return step;
  }
}
