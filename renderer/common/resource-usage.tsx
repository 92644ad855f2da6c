/** What Gopherbar itself costs: asked for when the settings are opened. */
import { useEffect, useState } from 'react';
import type { Meter } from '../../shared/domain/timeline.ts';
import { formatClock } from '../../shared/messages/format.ts';
import { useSnapshot } from './use-snapshot.ts';

export function ResourceUsage() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const query = useSnapshot((state) => state.query);
  const [meter, setMeter] = useState<Meter | null>(null);
  useEffect(() => {
    void query('meter.get', null).then(setMeter);
  }, [query]);
  if (meter === null) return null;
  const { since, cpuMs, wakeups, residentBytes, probesToday, bytesToday, bytesPerDay } = meter;
  const now = Date.now();
  const minutes = Math.max(1, (now - since) / 60_000);
  const rows = [
    [
      t('settings.costs-cpu'),
      t('settings.costs-cpu-of', {
        seconds: (cpuMs / 1_000).toFixed(1),
        since: formatClock(since, now, language),
        share: (cpuMs / (minutes * 600)).toFixed(2),
      }),
    ],
    [t('settings.costs-memory'), megabytes(residentBytes)],
    [
      t('settings.costs-wakeups'),
      t('settings.costs-wakeups-of', { count: wakeups, perMinute: (wakeups / minutes).toFixed(1) }),
    ],
    [
      t('settings.costs-bytes'),
      t('settings.costs-bytes-of', {
        probes: probesToday,
        megabytes: (bytesToday / 1e6).toFixed(1),
        limit: bytesPerDay === null ? t('settings.costs-no-limit') : megabytes(bytesPerDay),
      }),
    ],
  ] as const;
  return (
    <section className="section">
      <h2>
        <span>{t('settings.costs')}</span>
      </h2>
      <dl className="card facts num" data-testid="costs">
        {rows.map(([label, value]) => (
          <div key={label} className="fact">
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
