/** All profiles in the person's order: chosen by click or arrows, moved by drag or Alt with arrows, made and brought in. */
import { type DragEvent, type KeyboardEvent, useState } from 'react';
import { displayName, parseGoproxyList } from '../../../shared/domain/goproxy-list.ts';
import { PROFILE_TEMPLATES, templateName } from '../../../shared/domain/profile-templates.ts';
import type { ProfileState } from '../../../shared/domain/snapshot.ts';
import { inLanguage } from '../../../shared/messages/messages.ts';
import { useManaged } from '../../common/managed.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { ImportPanel } from './import-panel.tsx';
import { useProfiles } from './use-profiles.ts';
import { useShownProfile } from './use-shown-profile.ts';

export function ProfileColumn() {
  const t = useSnapshot((state) => state.t);
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  const [dragged, setDragged] = useState<string | null>(null);
  const { order, exported } = useProfiles((state) => state);
  const drop = (target: string) => (event: DragEvent) => {
    event.preventDefault();
    if (dragged === null || dragged === target) return;
    const ids = profiles.map(({ profile }) => profile.id).filter((id) => id !== dragged);
    ids.splice(
      profiles.findIndex(({ profile }) => profile.id === target),
      0,
      dragged,
    );
    setDragged(null);
    void order(ids);
  };
  return (
    <nav className="column" aria-label={t('popover.profiles')}>
      <p className="note">{t('profiles.order-hint')}</p>
      <div className="choices" data-testid="profile-list">
        {profiles.map((state) => (
          <Row key={state.profile.id} state={state} onDrag={setDragged} onDrop={drop(state.profile.id)} />
        ))}
      </div>
      <NewProfile />
      <div className="actions">
        <ImportPanel />
        <button
          type="button"
          className="button"
          data-testid="export"
          onClick={() => void exported(profiles.map(({ profile }) => profile).filter(({ builtIn }) => !builtIn))}
          disabled={profiles.every(({ profile }) => profile.builtIn)}
        >
          {t('profiles.export')}
        </button>
      </div>
    </nav>
  );
}

interface RowProps {
  readonly state: ProfileState;
  readonly onDrag: (id: string | null) => void;
  readonly onDrop: (event: DragEvent) => void;
}

function Row({ state, onDrag, onDrop }: RowProps) {
  const { profile, active } = state;
  const language = useSnapshot((one) => one.language);
  const t = useSnapshot((one) => one.t);
  const shown = useShownProfile();
  const { choose, move } = useProfiles((one) => one);
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    if (event.altKey) {
      void move(profile.id, step);
      return;
    }
    const sibling = step < 0 ? event.currentTarget.previousElementSibling : event.currentTarget.nextElementSibling;
    if (sibling instanceof HTMLElement) sibling.focus();
  };
  return (
    <button
      type="button"
      className="profile-choice"
      draggable
      aria-pressed={shown?.profile.id === profile.id}
      data-testid={`choose-${profile.id}`}
      onClick={() => choose(profile.id)}
      onKeyDown={onKeyDown}
      onDragStart={() => onDrag(profile.id)}
      onDragEnd={() => onDrag(null)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
    >
      <span className={active ? 'radio on' : 'radio'} />
      <span className="name clip">{inLanguage(profile.name, language)}</span>
      <small className="dim">{active ? t('profiles.active') : ''}</small>
      <small className="clip entries">
        {profile.variables.GOPROXY === undefined
          ? '—'
          : parseGoproxyList(profile.variables.GOPROXY)
              .map(({ text, separator }) => `${displayName(text)}${separator ?? ''}`)
              .join('')}
      </small>
    </button>
  );
}

function NewProfile() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const begin = useProfiles((state) => state.begin);
  return (
    <fieldset className="templates" disabled={useManaged('profiles')}>
      <legend className="dim">{t('profiles.new')}</legend>
      {PROFILE_TEMPLATES.map((template) => (
        <button
          key={template.id}
          type="button"
          className="button"
          data-testid={`template-${template.id}`}
          onClick={() => begin(template)}
        >
          {templateName(template)[language]}
        </button>
      ))}
    </fieldset>
  );
}
