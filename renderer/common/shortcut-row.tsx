/** The setting of the global shortcut: press Record, then the keys; Escape keeps the former, Backspace removes it. */
import { type KeyboardEvent, useState } from 'react';
import { shortcutOf, shortcutText } from '../../shared/domain/shortcut.ts';
import { Managed } from './managed.tsx';
import { useSnapshot } from './use-snapshot.ts';

export function ShortcutRow() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const shortcut = useSnapshot((state) => state.snapshot.preferences.shortcut);
  const [recording, setRecording] = useState(false);
  const set = (value: string | null) => {
    setRecording(false);
    if (value !== shortcut) void send('preferences.set', { shortcut: value });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!recording || event.code === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    const pressed = shortcutOf(event.nativeEvent);
    if (event.code === 'Escape') setRecording(false);
    else if (event.code === 'Backspace' || event.code === 'Delete') set(null);
    else if (pressed !== null) set(pressed);
  };
  const onMac = document.documentElement.dataset.platform === 'darwin';
  const shown = shortcut === null ? t('settings.shortcut-none') : shortcutText(shortcut, onMac);
  return (
    <Managed field="preferences.shortcut">
      <div className="setting">
        <span>
          {t('settings.shortcut')}
          <small>{t(recording ? 'settings.shortcut-recording' : 'settings.shortcut-hint')}</small>
        </span>
        <span className="controls">
          <button
            type="button"
            className="button"
            data-testid="shortcut"
            aria-label={`${t('settings.shortcut')}: ${shown}`}
            aria-pressed={recording}
            onClick={() => setRecording(!recording)}
            onBlur={() => setRecording(false)}
            onKeyDown={onKeyDown}
          >
            {recording ? t('settings.shortcut-press') : shown}
          </button>
          {shortcut !== null && (
            <button type="button" className="button" data-testid="shortcut-clear" onClick={() => set(null)}>
              {t('settings.shortcut-clear')}
            </button>
          )}
        </span>
      </div>
    </Managed>
  );
}
