/** The popover: one view at a time, keys, and the height it wants. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { ErrorBoundary } from '../common/error-boundary.tsx';
import type { SnapshotStore } from '../common/snapshot-store.ts';
import { useSnapshot, useSnapshotStore } from '../common/use-snapshot.ts';
import { useDocument, useTheme } from '../common/use-theme.ts';
import { EndpointView } from './endpoint-view.tsx';
import { Footer } from './footer.tsx';
import { type KeyCommand, keyCommand, nextRow } from './keyboard.ts';
import { Overview } from './overview.tsx';
import type { PopoverStore } from './popover-store.ts';
import { SettingsView } from './settings-view.tsx';
import { usePopover, usePopoverStore } from './use-popover.ts';

const MIN_HEIGHT = 120;
const MAX_HEIGHT = 720;

export function App() {
  const view = usePopover((state) => state.view);
  const language = useSnapshot((state) => state.language);
  const theme = useTheme(useSnapshot((state) => state.snapshot.preferences.theme));
  useDocument(theme, language);
  useKeys(useSnapshotStore(), usePopoverStore());
  const pop = useWantedHeight();
  return (
    <main className="pop" ref={pop} data-testid="popover">
      <div className="scroll">
        <ErrorBoundary page={view.name}>
          {view.name === 'overview' && <Overview />}
          {view.name === 'endpoint' && <EndpointView endpointId={view.endpointId} />}
          {view.name === 'settings' && <SettingsView />}
        </ErrorBoundary>
      </div>
      {view.name === 'overview' && <Footer />}
    </main>
  );
}

/** Tells the window how high the content is; beyond the limit the content scrolls. */
function useWantedHeight() {
  const send = useSnapshot((state) => state.send);
  const pop = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = pop.current;
    if (element === null) return;
    let sent = 0;
    const observer = new ResizeObserver(() => {
      const height = Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, Math.ceil(element.getBoundingClientRect().height)));
      if (height === sent) return;
      sent = height;
      void send('popover.resize', { height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [send]);
  return pop;
}

/** Attached before the first paint and only once, so that no early key is lost. */
function useKeys(snapshots: SnapshotStore, popover: PopoverStore): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const typing = target instanceof HTMLElement && /^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
      const command = keyCommand({ key: event.key, modified: event.metaKey || event.ctrlKey || event.altKey, typing });
      if (command === null) return;
      event.preventDefault();
      runCommand(command, snapshots, popover);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [snapshots, popover]);
}

function runCommand(key: KeyCommand, snapshots: SnapshotStore, popover: PopoverStore): void {
  const { snapshot, send, switchTo } = snapshots.getState();
  const { view, show } = popover.getState();
  switch (key.command) {
    case 'profile': {
      const profile = snapshot.profiles[key.index];
      if (profile !== undefined && !profile.active) void switchTo(profile.profile.id);
      return;
    }
    case 'probe':
      void send('probe.now', { endpointId: null });
      return;
    case 'pause':
      if (snapshot.schedule.paused === null) void send('monitor.pause', { minutes: null });
      else void send('monitor.resume', null);
      return;
    case 'settings':
      show({ name: 'settings' });
      return;
    case 'back':
      if (view.name === 'overview') void send('popover.hide', null);
      else show({ name: 'overview' });
      return;
    case 'next-row':
      focusRow(1);
      return;
    case 'previous-row':
      focusRow(-1);
  }
}

/** Arrows move through all rows in order, profiles and endpoints alike. */
function focusRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const focused = document.activeElement;
  const at = focused instanceof HTMLElement ? rows.indexOf(focused) : -1;
  rows[nextRow(rows.length, at, step)]?.focus();
}
