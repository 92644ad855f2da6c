/** The last message or the next check, and the actions: check now, pause, dashboard, settings. */
import { IconButton } from '../common/icon-button.tsx';
import { MenuButton } from '../common/menu-button.tsx';
import { nextCheckText } from '../common/next-check-text.ts';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';
import { Toast } from './toast.tsx';
import { usePopover } from './use-popover.ts';

export function Footer() {
  const nextAt = useSnapshot((state) => state.snapshot.schedule.nextAt);
  const t = useSnapshot((state) => state.t);
  return (
    <footer className="foot">
      <Toast otherwise={nextCheckText(nextAt, useNow(), t)} />
      <FooterActions />
    </footer>
  );
}

function FooterActions() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const probing = useSnapshot((state) => state.snapshot.endpoints.some((one) => one.probing));
  const paused = useSnapshot((state) => state.snapshot.schedule.paused !== null);
  const show = usePopover((state) => state.show);
  const pauses = ([15, 60, 1_440, null] as const).map((minutes) => ({
    label: t(`popover.pause-${minutes ?? 'open'}`),
    testId: `pause-${minutes ?? 'open'}`,
    onSelect: () => void send('monitor.pause', { minutes }),
  }));
  return (
    <span className="foot-actions">
      <IconButton
        icon="probe"
        label={probing ? t('popover.probing') : t('popover.probe-now')}
        turning={probing}
        onClick={() => void send('probe.now', { endpointId: null })}
      />
      {paused ? (
        <IconButton icon="resume" label={t('popover.resume')} onClick={() => void send('monitor.resume', null)} />
      ) : (
        <MenuButton icon="pause" label={t('popover.pause')} items={pauses} />
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
