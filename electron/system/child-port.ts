/** A process of our own code as a port: Electron's utility process in the app, a forked Node in tests. */

/** A started process. */
export interface Child<To> {
  post(message: To): void;
  kill(): void;
}

/** Starts a process; `exited` is called exactly once, `code` null when a signal ended it. */
export type StartChild<To, From> = (on: {
  message(message: From): void;
  exited(code: number | null): void;
}) => Child<To>;
