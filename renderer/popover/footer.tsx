/** When the next probe is, and the doors: probe now, pause, settings. */
import { useState } from 'react';
import type { Language, Schedule } from '../../shared/domain/snapshot.ts';
import { formatDuration } from '../../shared/messages/format.ts';
import type { Translate } from '../../shared/messages/messages.ts';
import { Icon, type IconName } from '../common/shapes.tsx';
import { useNow, usePopover } from './use-popover.ts';

export function Footer() {
  const snapshot = usePopover((state) => state.snapshot);
  const t = usePopover((state) => state.t);
  const language = usePopover((state) => state.language);
  const { send, show, undo } = usePopover((state) => state);
  const [menu, setMenu] = useState(false);
  const probing = snapshot.endpoints.some((one) => one.probing);
  const paused = snapshot.schedule.paused !== null;
  const pause = (minutes: number | null) => {
    setMenu(false);
    void send('monitor.pause', { minutes });
  };
  return (
    <footer className="foot">
      <span className="num clip">{nextWords(snapshot.schedule, t, language, useNow())}</span>
      <span className="doors">
        {snapshot.undo !== null && (
          <button type="button" className="button" data-testid="undo-last" onClick={() => void undo()}>
            {t('popover.undo')}
          </button>
        )}
        <IconButton
          icon="probe"
          label={probing ? t('popover.probing') : t('popover.probe-now')}
          turning={probing}
          onClick={() => void send('probe.now', { endpointId: null })}
        />
        {paused ? (
          <IconButton icon="resume" label={t('popover.resume')} onClick={() => void send('monitor.resume', null)} />
        ) : (
          <IconButton icon="pause" label={t('popover.pause')} expanded={menu} onClick={() => setMenu(!menu)} />
        )}
        <IconButton
          icon="chart"
          label={t('popover.dashboard')}
          onClick={() => void send('dashboard.open', { endpointId: null })}
        />
        <IconButton icon="settings" label={t('popover.settings')} onClick={() => show({ name: 'settings' })} />
      </span>
      {menu && (
        <div className="menu" role="menu">
          {([15, 60, null] as const).map((minutes) => (
            <button key={minutes} type="button" role="menuitem" onClick={() => pause(minutes)}>
              {t(`popover.pause-${minutes ?? 'open'}`)}
            </button>
          ))}
        </div>
      )}
    </footer>
  );
}

interface DoorProps {
  readonly icon: IconName;
  readonly label: string;
  readonly turning?: boolean;
  readonly expanded?: boolean;
  readonly onClick: () => void;
}

export function IconButton({ icon, label, turning = false, expanded, onClick }: DoorProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-expanded={expanded}
      onClick={onClick}
      data-testid={`door-${icon}`}
    >
      <Icon name={icon} turning={turning} />
    </button>
  );
}

function nextWords({ nextAt, intervalMs }: Schedule, t: Translate, language: Language, now: number): string {
  if (nextAt === null) return t('popover.paused-foot');
  const interval = formatDuration(Math.max(1_000, intervalMs), language);
  const seconds = Math.ceil((nextAt - now) / 1_000);
  return seconds <= 0 ? t('popover.interval-now', { interval }) : t('popover.interval', { interval, seconds });
}
