/** What the gateway does, in one line. */
import type { GatewayTransfer } from '../domain/gateway.ts';
import type { Translate } from './messages.ts';

const MINUTE_S = 60;

/** `golang.org/toolchain@… 41 of 72 MB · 300 kB/s · 2 min left`. */
export function transferText(transfer: GatewayTransfer, t: Translate): string {
  const { module, received, total, bytesPerSecond, stalled, upstream } = transfer;
  if (stalled) return t('gateway.stalled', { module, upstream: upstream.replace(/^https?:\/\//, '') });
  const rate = Math.round(bytesPerSecond / 1_000);
  const had = { module, received: megabytes(received), rate };
  if (total === null) return t('gateway.transfer-open', had);
  const seconds = Math.ceil((total - received) / Math.max(1, bytesPerSecond));
  const facts = { ...had, total: megabytes(total) };
  return seconds < 2 * MINUTE_S
    ? t('gateway.transfer-seconds', { ...facts, seconds })
    : t('gateway.transfer-minutes', { ...facts, minutes: Math.ceil(seconds / MINUTE_S) });
}

/** Bytes as MB (10⁶), as the Finder counts them; one decimal below 10. */
function megabytes(bytes: number): string {
  const value = bytes / 1_000_000;
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

/** Bytes with a unit: `410 B`, `84 kB`, `1.3 GB` (powers of 1000, as the Finder counts). */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 10 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** A transfer without the version of its module, where there is little room. */
export function shortTransfer(transfer: GatewayTransfer): GatewayTransfer {
  return { ...transfer, module: transfer.module.replace(/@.*$/, '') };
}
