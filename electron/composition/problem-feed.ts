/** Problems that long-lived parts find by themselves (a damaged file, a full disk), for the parts that show them. */
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { Stop } from '../system/clock.ts';

/** Enough for every file of the data folder. */
const KEPT = 20;

export class ProblemFeed {
  readonly #listeners = new Set<(problem: Problem) => void>();
  #past: readonly Problem[] = [];

  report = (problem: Problem): void => {
    this.#past = [...this.#past, problem].slice(-KEPT);
    for (const listener of this.#listeners) listener(problem);
  };

  /** Calls back for each problem, starting with those reported before: most are found while the app starts. */
  subscribe(listener: (problem: Problem) => void): Stop {
    this.#listeners.add(listener);
    for (const problem of this.#past) listener(problem);
    return () => this.#listeners.delete(listener);
  }
}
