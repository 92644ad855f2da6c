/** The popover: one view at a time, keys, and the height it wants. */
import { useEffect, useRef } from 'react';
import { Footer } from '../components/footer.tsx';
import { keyCommand, nextRow } from '../store/keyboard.ts';
import type { PopoverState } from '../store/popover-store.ts';
import { usePopover } from '../store/use-popover.ts';
import { EndpointView } from './endpoint-view.tsx';
import { Overview } from './overview.tsx';
import { SettingsView } from './settings-view.tsx';

const MIN_HEIGHT = 120;
const MAX_HEIGHT = 720;

export function App() {
  const state = usePopover((one) => one);
  const theme = useTheme(state.snapshot.preferences.theme);
  useDocument(theme, state.language);
  useKeys(state);
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

function useTheme(preference: 'system' | 'light' | 'dark'): 'light' | 'dark' {
  // The main process sets nativeTheme from the preference, so the media query already speaks for it.
  const dark = useRef(matchMedia('(prefers-color-scheme: dark)')).current;
  useEffect(() => {
    const follow = () => {
      document.documentElement.dataset.theme = dark.matches ? 'dark' : 'light';
    };
    if (preference === 'system') dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, [dark, preference]);
  return preference === 'system' ? (dark.matches ? 'dark' : 'light') : preference;
}

function useDocument(theme: string, language: string): void {
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.lang = language;
  }, [theme, language]);
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

function useKeys(state: PopoverState): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const typing = target instanceof HTMLElement && /^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
      const command = keyCommand({ key: event.key, modified: event.metaKey || event.ctrlKey || event.altKey, typing });
      if (command === null) return;
      event.preventDefault();
      switch (command.command) {
        case 'profile': {
          const profile = state.snapshot.profiles[command.index];
          if (profile !== undefined && !profile.active) void state.switchTo(profile.profile.id);
          return;
        }
        case 'probe':
          void state.send('probe.now', { endpointId: null });
          return;
        case 'pause':
          if (state.snapshot.schedule.paused === null) void state.send('monitor.pause', { minutes: null });
          else void state.send('monitor.resume', null);
          return;
        case 'settings':
          state.show({ name: 'settings' });
          return;
        case 'back':
          if (state.view.name === 'overview') void state.send('popover.hide', null);
          else state.show({ name: 'overview' });
          return;
        case 'next-row':
          focusRow(1);
          return;
        case 'previous-row':
          focusRow(-1);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [state]);
}

/** Arrows go through all rows in one flow, profiles and endpoints alike. */
function focusRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[nextRow(rows.length, at, step)]?.focus();
}
