/** The popover: one view at a time, keys, and the height it wants. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { ErrorBoundary } from '../common/error-boundary.tsx';
import { nextRow } from '../common/next-row.ts';
import type { SnapshotStore } from '../common/snapshot-store.ts';
import { useSnapshot, useSnapshotStore } from '../common/use-snapshot.ts';
import { useDocument, useTheme } from '../common/use-theme.ts';
import { DownloadRow } from './download-row.tsx';
import { EndpointView } from './endpoint-view.tsx';
import { Footer } from './footer.tsx';
import { type KeyCommand, type KeyPress, keyCommand, rowByLetter } from './keyboard.ts';
import { Overview } from './overview.tsx';
import type { PopoverStore } from './popover-store.ts';
import { SettingsView } from './settings-view.tsx';
import { StatusHeader } from './status-header.tsx';
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
      {view.name === 'overview' && (
        <ErrorBoundary page="header">
          <StatusHeader />
        </ErrorBoundary>
      )}
      <div className="scroll">
        <ErrorBoundary page={view.name}>
          {view.name === 'overview' && <Overview />}
          {view.name === 'endpoint' && <EndpointView endpointId={view.endpointId} />}
          {view.name === 'settings' && <SettingsView />}
        </ErrorBoundary>
      </div>
      <DownloadRow />
      <Footer />
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
      const command = keyCommand(keyPress(event));
      if (command === null) return;
      event.preventDefault();
      runCommand(command, snapshots, popover);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [snapshots, popover]);
}

/** Ctrl stands for ⌘ where there is none. */
function keyPress({ key, metaKey, ctrlKey, altKey, target }: KeyboardEvent): KeyPress {
  const typing = target instanceof HTMLElement && /^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  return { key, command: metaKey !== ctrlKey && !altKey, modified: altKey || (metaKey && ctrlKey), typing };
}

function runCommand(key: KeyCommand, snapshots: SnapshotStore, popover: PopoverStore): void {
  const { snapshot, send, switchTo, undo } = snapshots.getState();
  const { view, show } = popover.getState();
  switch (key.command) {
    case 'profile': {
      const profile = snapshot.profiles[key.index];
      if (view.name === 'overview' && profile !== undefined && !profile.active) void switchTo(profile.profile.id);
      break;
    }
    case 'probe':
      void send('probe.now', { endpointId: null });
      break;
    case 'undo':
      void undo();
      break;
    case 'settings':
      show({ name: 'settings' });
      break;
    case 'dashboard':
      void send('dashboard.open', { endpointId: null });
      break;
    case 'back':
      if (view.name === 'overview') void send('popover.hide', null);
      else show({ name: 'overview' });
      break;
    case 'leave-field':
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      break;
    default:
      focusRow(key);
  }
}

/** Arrows move through all rows in order, profiles and endpoints alike. */
function focusRow(key: KeyCommand): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const focused = document.activeElement;
  const at = focused instanceof HTMLElement ? rows.indexOf(focused) : -1;
  rows[rowOf(key, rows, at)]?.focus();
}

function rowOf(key: KeyCommand, rows: readonly HTMLElement[], at: number): number {
  switch (key.command) {
    case 'type-ahead':
      return rowByLetter(rows.map(rowName), at, key.letter);
    case 'next-row':
      return nextRow(rows.length, at, 1);
    case 'previous-row':
      return nextRow(rows.length, at, -1);
    case 'first-row':
      return 0;
    case 'last-row':
      return rows.length - 1;
    default:
      return at;
  }
}

function rowName(row: HTMLElement): string {
  return row.querySelector('.name')?.textContent ?? '';
}
