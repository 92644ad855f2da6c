/** The log as a port: one line per event, never a secret. */

export interface Log {
  info(event: string, facts?: Record<string, unknown>): void;
  warn(event: string, facts?: Record<string, unknown>): void;
  error(event: string, facts?: Record<string, unknown>): void;
}

/** Writes JSON lines to a stream (stderr for the app and the command line). */
export function streamLog(stream: { write(text: string): unknown }): Log {
  const write = (level: string) => (event: string, facts?: Record<string, unknown>) => {
    stream.write(`${JSON.stringify({ level, event, ...facts })}\n`);
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/** Discards everything. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };
