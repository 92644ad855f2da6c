/** Work that was started without awaiting it: the owner's `close` waits for it. */
export class PendingWork {
  readonly #running = new Set<Promise<unknown>>();

  /** Keeps track of a promise until it settles; returns it. */
  add<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    const done = () => this.#running.delete(work);
    work.then(done, done);
    return work;
  }

  /** Resolves when everything has settled, also what was added meanwhile. Never rejects. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
