/** The API of the preload script for tests of a window: answers as configured, notes requests, sends broadcasts. */
import type {
  BroadcastName,
  BroadcastPayload,
  GopherbarApi,
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../shared/contract/channels.ts';

type Answer = (input: unknown) => unknown;

export class FakeApi implements GopherbarApi {
  readonly systemLanguages: readonly string[];
  readonly platform = 'darwin';
  /** Requests in order: name and input. */
  readonly requests: [name: RequestName, input: unknown][] = [];
  readonly #pending: Promise<unknown>[] = [];
  readonly #answers = new Map<RequestName, Answer>();
  readonly #listeners = new Map<BroadcastName, Set<(payload: never) => void>>();

  constructor(systemLanguages: readonly string[] = ['en']) {
    this.systemLanguages = systemLanguages;
  }

  /** From now on, a request is answered so. Without an answer it is a command that succeeds. */
  answer<N extends RequestName>(
    name: N,
    answer: (input: RequestInput<N>) => RequestOutput<N> | Promise<RequestOutput<N>>,
  ): void {
    this.#answers.set(name, answer as Answer);
  }

  /** From now on, a command is refused with this problem. */
  refuse(name: RequestName, key: string): void {
    this.#answers.set(name, () => ({ ok: false, problem: { key, params: {} } }));
  }

  async request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
    this.requests.push([name, input]);
    const answer = this.#answers.get(name);
    const output = Promise.resolve(answer === undefined ? { ok: true } : answer(input));
    this.#pending.push(output);
    return (await output) as RequestOutput<N>;
  }

  on<N extends BroadcastName>(name: N, listener: (payload: BroadcastPayload<N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener as (payload: never) => void);
    return () => listeners.delete(listener as (payload: never) => void);
  }

  /** Sends a broadcast to the window. */
  broadcast<N extends BroadcastName>(name: N, payload: BroadcastPayload<N>): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload as never);
  }

  /** Resolves when every request so far is answered and the callers have received the answers. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending);
    // The next turn of the event loop: every continuation has run by then.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  /** Names of the requests so far. */
  names(): RequestName[] {
    return this.requests.map(([name]) => name);
  }
}
