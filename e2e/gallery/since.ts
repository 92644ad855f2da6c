/** Made-up changes before an outage, for pictures. */
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import type { OutageChanges } from '../../shared/domain/what-changed.ts';

const MINUTE = 60_000;

/** `how`: changes of each weight, `nothing`, or `never` worked. */
export function sinceAt({ endpoints }: Snapshot, how: string, now: number): OutageChanges | null {
  const down = endpoints.find(({ status }) => status === 'down');
  if (down === undefined) return null;
  const startedAt = now - 12 * MINUTE;
  const outage: OutageChanges = {
    endpointId: down.endpoint.id,
    cause: 'connect-timeout',
    startedAt,
    lastGoodAt: how === 'never' ? null : startedAt - MINUTE,
    isComplete: how !== 'never',
    changes: [],
  };
  if (how === 'nothing' || how === 'never') return outage;
  const at = (seconds: number) => startedAt + seconds * 1_000;
  return {
    ...outage,
    isComplete: false,
    changes: [
      { at: at(-20), kind: 'tunnels-changed', detail: ' → utun4', weight: 'likely' },
      { at: at(-22), kind: 'network-changed', detail: 'utun4 · 10.8.0.0/24 · corp.example', weight: 'likely' },
      { at: at(8), kind: 'resolvers-changed', detail: '192.168.1.1, 2001:db8::1 → 10.8.0.53', weight: 'possible' },
      {
        at: at(8),
        kind: 'addresses-changed',
        detail: 'public → fake-ip',
        endpointId: endpoints.at(-1)?.endpoint.id ?? '',
        weight: 'possible',
      },
      { at: at(-50), kind: 'woke', detail: '', weight: 'possible' },
      { at: at(-44), kind: 'go-settings-changed', detail: 'GOPROXY, GOSUMDB, url.insteadOf', weight: 'unlikely' },
    ],
  };
}
