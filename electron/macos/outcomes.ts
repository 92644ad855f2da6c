/** How commands that need a password, or a privilege, say that they did not get it. */
import type { Read } from './lines.ts';

/** How an administrator prompt ended. */
export interface OsascriptOutcome {
  readonly result: 'done' | 'cancelled' | 'auth-failed' | 'no-interaction' | 'failed';
  readonly errorNumber: number | null;
}

/** The number in parentheses at the end of an error; the words before it are localised (AppleScript errors; TN2065). */
function osascriptError(text: string): string | undefined {
  const line = text.trimEnd();
  // By position, since one expression would look for the end again after each "execution error".
  const open = line.lastIndexOf('(');
  const said = line.indexOf(EXECUTION_ERROR);
  if (said < 0 || open < said + EXECUTION_ERROR.length) return undefined;
  return /^\((-?\d+)\)$/.exec(line.slice(open))?.[1];
}

const EXECUTION_ERROR = 'execution error: ';

/** How a prompt ended, by the error that osascript printed; none is success. */
export function parseOsascript(text: string): Read<OsascriptOutcome> {
  const number = osascriptError(text);
  if (number === undefined) return { value: { result: 'done', errorNumber: null }, unread: [] };
  const errorNumber = Number(number);
  const result =
    errorNumber === -128
      ? 'cancelled'
      : errorNumber === -60007 || errorNumber === -60005
        ? 'auth-failed'
        : errorNumber === -1713
          ? 'no-interaction'
          : 'failed';
  return { value: { result, errorNumber }, unread: [] };
}

/** How `tccutil reset` ended. */
export interface TccutilOutcome {
  readonly ok: boolean;
  readonly service?: string;
  readonly bundleId?: string | null;
  readonly error?: 'no-such-bundle' | 'failed';
  readonly osStatus?: number | null;
}

/** `tccutil reset SERVICE BUNDLE`. */
export function parseTccutil(text: string): Read<TccutilOutcome> {
  const done = /^Successfully reset (\S+)(?: approval status for (\S+))?\s*$/m.exec(text);
  if (done !== null) return { value: { ok: true, service: done[1] ?? '', bundleId: done[2] ?? null }, unread: [] };
  const status = /OSStatus error (-?\d+)/.exec(text)?.[1];
  const error = /No such bundle identifier/.test(text) ? 'no-such-bundle' : 'failed';
  return { value: { ok: false, error, osStatus: status === undefined ? null : Number(status) }, unread: [] };
}

/** tcpdump was not allowed to capture. */
export interface TcpdumpRefusal {
  readonly result: 'needs-root';
  readonly device: string;
}

/** One outgoing packet that pf blocked and logged. */
export interface PflogBlock {
  readonly iface: string;
  readonly dst: string;
  readonly port: number | null;
  readonly rule: number;
}

/** tcpdump: refused for want of root, or lines of pflog (only rules with `log` write there). */
export function parseTcpdump(
  text: string,
): Read<TcpdumpRefusal | { readonly lines: number; readonly outboundBlocks: readonly PflogBlock[] }> {
  const denied = /tcpdump: (\S+): You don['’]t have permission to capture/.exec(text)?.[1];
  if (denied !== undefined) return { value: { result: 'needs-root', device: denied }, unread: [] };
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const outboundBlocks = lines.flatMap((line) => {
    const found = /rule (\d+)[^:]*: block out on (\S+): \S+ > (\S+): /.exec(line.slice(0, 2_000));
    if (found === null) return [];
    const [, rule, iface = '', to = ''] = found;
    const [, dst, port] = /^(.*)\.(\d+)$/.exec(to) ?? [];
    const isHost = dst === undefined || (!dst.includes(':') && dst.split('.').length < 4);
    return [{ iface, dst: isHost ? to : (dst ?? to), port: isHost ? null : Number(port), rule: Number(rule) }];
  });
  return { value: { lines: lines.length, outboundBlocks }, unread: [] };
}
