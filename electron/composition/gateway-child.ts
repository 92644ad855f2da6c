/**
 * The gateway's process: opened with the settings that the app sends, ends with the app. A composition root. Speaks over
 * Electron's parent port in a utility process, over Node's channel in a forked one.
 */
import type { FromGateway, TimedEvent, ToGateway } from '../gateway/gateway-messages.ts';
import { systemClock } from '../system/clock.ts';
import { errorMessage } from '../system/error-facts.ts';
import { type OpenGateway, openGateway } from './gateway.ts';
import type { GatewaySettings } from './gateway-settings.ts';

type Message = ToGateway<GatewaySettings>;

/** Electron's `process.parentPort` (electronjs.org/docs/latest/api/parent-port). */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: Message }) => void): void;
  postMessage(message: FromGateway): void;
}

/** The shortest time between two reports to the app. */
const REPORT_MS = 500;
/** Events of one report; a download of a thousand modules shows its newest. */
const MAX_EVENTS = 200;

const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };
let gateway: OpenGateway | null = null;
let events: TimedEvent[] = [];
let isReporting = false;

function send(message: FromGateway): void {
  if (parentPort !== undefined) parentPort.postMessage(message);
  else process.send?.(message);
}

function report(): void {
  if (gateway === null) return;
  const { figures, upstreams, transfers } = gateway.activity();
  send({ kind: 'report', events, figures, upstreams, transfers });
  events = [];
  // A transfer that another process began and never ended is no longer listed after a while.
  if (transfers.length > 0) reportSoon();
}

function reportSoon(): void {
  if (isReporting) return;
  isReporting = true;
  systemClock.after(REPORT_MS, () => {
    isReporting = false;
    report();
  });
}

async function start(settings: GatewaySettings, port: number): Promise<void> {
  try {
    gateway = await openGateway(
      settings,
      (event) => {
        if (event.event !== 'progress' && event.event !== 'cooldown')
          events = [...events.slice(1 - MAX_EVENTS), { ...event, at: Date.now() }];
        reportSoon();
      },
      process.env,
      systemClock,
    );
  } catch (error) {
    send({ kind: 'failed', message: errorMessage(error) });
    return end();
  }
  const listening = await gateway.listen(port);
  if (!listening.ok) {
    send({ kind: 'refused', code: listening.code, message: listening.message });
    return end();
  }
  send({ kind: 'listening', port: listening.port });
  report();
}

async function end(): Promise<void> {
  await gateway?.close();
  // The last message is on its way; a channel has no flush.
  setTimeout(() => process.exit(0), 50);
}

function hear(message: Message): void {
  switch (message.kind) {
    case 'start':
      void start(message.settings, message.port);
      return;
    case 'health':
      gateway?.setHealth(message.health);
      return;
    case 'clear':
      void gateway?.clear().then(report);
      return;
    case 'close':
      void end();
  }
}

parentPort?.on('message', ({ data }) => hear(data));
process.on('message', hear);
process.on('disconnect', () => void end());
send({ kind: 'ready' });
// Unreferenced timers alone would let a process end that has nothing to do yet.
setInterval(() => {}, 2 ** 30);
