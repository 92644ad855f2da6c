/** When the next probe is, and the actions: undo, probe now, pause, dashboard, settings. */
import { useState } from 'react';
import type { Schedule } from '../../shared/domain/snapshot.ts';
import { formatDuration } from '../../shared/messages/format.ts';
import type { Translate } from '../../shared/messages/messages.ts';
import { IconButton } from '../common/icon-button.tsx';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';
import { usePopover } from './use-popover.ts';

export function Footer() {
  const schedule = useSnapshot((state) => state.snapshot.schedule);
  const t = useSnapshot((state) => state.t);
  const [menuOpen, setMenuOpen] = useState(false);
  return (
    <footer className="foot">
      <span className="num clip">{nextProbeText(schedule, t, useNow())}</span>
      <FooterActions menuOpen={menuOpen} onMenu={() => setMenuOpen(!menuOpen)} />
      {menuOpen && <PauseMenu onClose={() => setMenuOpen(false)} />}
    </footer>
  );
}

function FooterActions({ menuOpen, onMenu }: { readonly menuOpen: boolean; readonly onMenu: () => void }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const undo = useSnapshot((state) => state.undo);
  const canUndo = useSnapshot((state) => state.snapshot.undo !== null);
  const probing = useSnapshot((state) => state.snapshot.endpoints.some((one) => one.probing));
  const paused = useSnapshot((state) => state.snapshot.schedule.paused !== null);
  const show = usePopover((state) => state.show);
  return (
    <span className="foot-actions">
      {canUndo && (
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
        <IconButton icon="pause" label={t('popover.pause')} expanded={menuOpen} onClick={onMenu} />
      )}
      <IconButton
        icon="chart"
        label={t('popover.dashboard')}
        onClick={() => void send('dashboard.open', { endpointId: null })}
      />
      <IconButton icon="settings" label={t('popover.settings')} onClick={() => show({ name: 'settings' })} />
    </span>
  );
}

function PauseMenu({ onClose }: { readonly onClose: () => void }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const pause = (minutes: number | null) => {
    onClose();
    void send('monitor.pause', { minutes });
  };
  return (
    <div className="menu" role="menu">
      {([15, 60, null] as const).map((minutes) => (
        <button key={minutes} type="button" role="menuitem" onClick={() => pause(minutes)}>
          {t(`popover.pause-${minutes ?? 'open'}`)}
        </button>
      ))}
    </div>
  );
}

function nextProbeText({ nextAt, intervalMs }: Schedule, t: Translate, now: number): string {
  if (nextAt === null) return t('popover.paused-foot');
  const interval = formatDuration(Math.max(1_000, intervalMs), t);
  const seconds = Math.ceil((nextAt - now) / 1_000);
  return seconds <= 0 ? t('popover.interval-now', { interval }) : t('popover.interval', { interval, seconds });
}
