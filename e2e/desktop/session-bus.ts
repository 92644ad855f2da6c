/** A private D-Bus session for one test, so that the desktop it meets is ours alone. Linux only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import dbus from 'dbus-next';

export interface SessionBus {
  /** For DBUS_SESSION_BUS_ADDRESS of the app under test. */
  readonly address: string;
  /** Our own connection to it. */
  readonly bus: dbus.MessageBus;
  close(): Promise<void>;
}

/** Starts a bus daemon and connects to it. */
export async function startSessionBus(): Promise<SessionBus> {
  const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await firstLine(daemon);
  const bus = dbus.sessionBus({ busAddress: address });
  // After close() the socket's end is no news.
  bus.on('error', () => {});
  return {
    address,
    bus,
    async close() {
      bus.disconnect();
      const ended = once(daemon, 'exit');
      daemon.kill();
      await ended;
    },
  };
}

async function firstLine(daemon: ChildProcess): Promise<string> {
  if (daemon.stdout === null) throw new Error('dbus-daemon has no output');
  let text = '';
  for await (const chunk of daemon.stdout) {
    text += String(chunk);
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end);
  }
  throw new Error('dbus-daemon ended without an address');
}
