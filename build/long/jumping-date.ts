/**
 * The wall clock of a process and of all its threads, set ahead or back while it runs, as a person or NTP sets it. Loaded
 * by `node --import`, so that worker threads have it, too; the monotonic clock goes on as before.
 */
import { BroadcastChannel } from 'node:worker_threads';

const RealDate = Date;
const channel = new BroadcastChannel('gopherbar-wall-clock');
let offsetMs = 0;

channel.onmessage = (event) => {
  offsetMs = Number((event as { readonly data: unknown }).data);
};
channel.unref();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], self) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + offsetMs] : args, self) as object,
  get: (target, name, self) =>
    name === 'now' ? () => RealDate.now() + offsetMs : (Reflect.get(target, name, self) as unknown),
});

/** Sets the wall clock of every thread: ms after the real time, negative = before it. */
export function setWallClock(ms: number): void {
  offsetMs = ms;
  channel.postMessage(ms);
}
