/** The popover: one view at a time, keys, and the height it wants. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useDocument, useTheme } from '../common/use-theme.ts';
import { EndpointView } from './endpoint-view.tsx';
import { Footer } from './footer.tsx';
import { type KeyCommand, keyCommand, nextRow } from './keyboard.ts';
import { Overview } from './overview.tsx';
import type { PopoverState, PopoverStore } from './popover-store.ts';
import { SettingsView } from './settings-view.tsx';
import { usePopover, usePopoverStore } from './use-popover.ts';

const MIN_HEIGHT = 120;
const MAX_HEIGHT = 720;

export function App() {
  const state = usePopover((one) => one);
  const theme = useTheme(state.snapshot.preferences.theme);
  useDocument(theme, state.language);
  useKeys(usePopoverStore());
  const pop = useWantedHeight(state);
  const { view } = state;
  return (
    <main className="pop" ref={pop} data-testid="popover">
      <div className="scroll">
        {view.name === 'overview' && <Overview />}
        {view.name === 'endpoint' && <EndpointView endpointId={view.endpointId} />}
        {view.name === 'settings' && <SettingsView />}
      </div>
      {view.name === 'overview' && <Footer />}
    </main>
  );
}

/** Tells the window how high the content is; beyond the limit the content scrolls. */
function useWantedHeight({ send }: PopoverState) {
  const pop = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = pop.current;
    if (element === null) return;
    let told = 0;
    const observer = new ResizeObserver(() => {
      const height = Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, Math.ceil(element.getBoundingClientRect().height)));
      if (height === told) return;
      told = height;
      void send('popover.resize', { height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [send]);
  return pop;
}

/** Attached before the first paint and only once: no key of a quick hand is lost. */
function useKeys(store: PopoverStore): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const typing = target instanceof HTMLElement && /^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
      const command = keyCommand({ key: event.key, modified: event.metaKey || event.ctrlKey || event.altKey, typing });
      if (command === null) return;
      event.preventDefault();
      obey(command, store.getState());
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [store]);
}

function obey(key: KeyCommand, { snapshot, view, send, show, switchTo }: PopoverState): void {
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

/** Arrows go through all rows in one flow, profiles and endpoints alike. */
function focusRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[nextRow(rows.length, at, step)]?.focus();
}
