/** A test double for any port: records every call and answers as configured. */

type Method = (...args: never[]) => unknown;

/** One call: the method's name (`group.method` where methods are grouped), then its arguments. */
export type Call = readonly [method: string, ...args: readonly unknown[]];

export interface Recorder<T> {
  readonly port: T;
  /** In order. */
  readonly calls: readonly Call[];
}

/** Answers by the method's name; every other call answers `{ ok: true }`. */
export function recorder<T extends object>(answers: Readonly<Record<string, Method>> = {}): Recorder<T> {
  const calls: Call[] = [];
  const at = (path: string): unknown =>
    new Proxy(() => {}, {
      // An object with `then` would be taken for a promise where it is awaited.
      get: (_, name) => (typeof name === 'symbol' || name === 'then' ? undefined : at(path ? `${path}.${name}` : name)),
      apply: (_target, _this, args: never[]) => {
        calls.push([path, ...args]);
        const answer = answers[path];
        return answer === undefined ? { ok: true } : answer(...args);
      },
    });
  return { port: at('') as T, calls };
}
