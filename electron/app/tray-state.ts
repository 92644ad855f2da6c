/** What the tray shows for a snapshot: one of six shapes, and the same as text. Pure. */
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { never } from '../../shared/domain/units.ts';
import { formatLatency } from '../../shared/messages/format.ts';
import type { Translate } from '../../shared/messages/messages.ts';

/** The six icons, by shape: see build/icons. */
export const TRAY_STATES = ['healthy', 'degraded', 'down', 'offline', 'paused', 'checking'] as const;
export type TrayState = (typeof TRAY_STATES)[number];

/** The icon of a snapshot. Running probes do not change it: a flickering icon would carry no information. */
export function trayState(snapshot: Snapshot): TrayState {
  const { severity } = snapshot.verdict;
  switch (severity) {
    case 'healthy':
    case 'degraded':
    case 'down':
    case 'offline':
    case 'paused':
      return severity;
    case 'unknown':
      return 'checking';
    default:
      return never(severity);
  }
}

/** The state as text: tooltip, first line of the menu, and screen reader label. */
export function traySentence(snapshot: Snapshot, t: Translate): string {
  const state = trayState(snapshot);
  if (snapshot.verdict.name === 'go-missing' && state === 'down') return t('verdict.go-missing');
  const blamed = snapshot.endpoints.find((one) => one.endpoint.id === snapshot.verdict.endpointId);
  if (blamed !== undefined && (state === 'down' || state === 'degraded')) {
    return t(`tray.${state}-endpoint`, { endpoint: blamed.endpoint.name });
  }
  return t(`tray.${state}`);
}

/**
 * The text beside the icon, as the preferences want it; empty = none. While downloads fail, or nothing is known, there is
 * no latency to show: then the word stands there.
 */
export function trayText(snapshot: Snapshot, t: Translate): string {
  const { trayText: wanted } = snapshot.preferences;
  if (wanted === 'off') return '';
  const state = trayState(snapshot);
  const word = t(`tray.word-${state}`);
  if (wanted === 'status') return word;
  const works = state === 'healthy' || state === 'degraded';
  const latencyMs = works ? (snapshot.verdict.walk?.latencyMs ?? null) : null;
  return latencyMs === null ? word : formatLatency(latencyMs);
}
