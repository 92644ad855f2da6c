/** ⌘K: everything the window can do, found by typing. */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { nextRow } from '../common/next-row.ts';
import { useModal } from '../common/use-modal.ts';
import { useSnapshot } from '../common/use-snapshot.ts';
import { filterEntries, type PaletteAction, type PaletteEntry, paletteEntries } from './palette-commands.ts';
import { useDashboard } from './use-dashboard.ts';

export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const snapshot = useSnapshot((state) => state.snapshot);
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const run = useRunAction();
  const dialog = useModal(onClose);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const entries = filterEntries(paletteEntries(snapshot, t, language), text);
  const choose = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    onClose();
    run(entry.action);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') choose(entries[at]);
    else if (event.key === 'ArrowDown') setAt(nextRow(entries.length, at, 1));
    else if (event.key === 'ArrowUp') setAt(nextRow(entries.length, at, -1));
    else return;
    event.preventDefault();
  };
  return (
    <dialog className="palette" ref={dialog} aria-label={t('dashboard.palette')} data-testid="palette">
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={entries[at] === undefined ? undefined : `${listId}-${at}`}
        aria-label={t('dashboard.palette')}
        placeholder={t('dashboard.palette')}
        spellCheck={false}
        value={text}
        data-testid="palette-text"
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" aria-label={t('dashboard.palette')} className="palette-list">
        {entries.map((entry, i) => (
          <PaletteRow
            key={entry.id}
            id={`${listId}-${i}`}
            entry={entry}
            chosen={i === at}
            onChoose={() => choose(entry)}
          />
        ))}
      </div>
      {entries.length === 0 && <p className="nothing dim">{t('dashboard.palette-none')}</p>}
    </dialog>
  );
}

interface PaletteRowProps {
  readonly id: string;
  readonly entry: PaletteEntry;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function PaletteRow({ id, entry: { label, hint }, chosen, onChoose }: PaletteRowProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field; aria-activedescendant names the row
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above, the field takes the keys
    <div ref={row} id={id} role="option" aria-selected={chosen} className="palette-row" onClick={onChoose}>
      <span className="clip">{label}</span>
      <small className="dim">{hint}</small>
    </div>
  );
}

function useRunAction(): (action: PaletteAction) => void {
  const { send, switchTo, undo } = useSnapshot((state) => state);
  const { goTo, choose } = useDashboard((state) => state);
  return (action) => {
    switch (action.kind) {
      case 'page':
        goTo(action.page);
        break;
      case 'profile':
        void switchTo(action.profileId);
        break;
      case 'endpoint':
        goTo('history');
        choose(action.endpointId);
        break;
      case 'probe':
        void send('probe.now', { endpointId: null });
        break;
      case 'diagnose':
        void send('doctor.start', { target: '', incidentId: null });
        goTo('doctor');
        break;
      case 'undo':
        void undo();
        break;
      case 'pause':
        void send('monitor.pause', { minutes: null });
        break;
      case 'resume':
        void send('monitor.resume', null);
        break;
      case 'settings-file':
        void send('settings.open', null);
        break;
    }
  };
}
