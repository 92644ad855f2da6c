/** Which settings of a section an organization manages: marked with a lock, and why they cannot be changed. */
import type { SettingsPageName } from '../../../shared/domain/settings-sections.ts';
import { Icon } from '../../common/shapes.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { lockedOn } from './sections.ts';
import { useSettings } from './use-settings.ts';

export function LockNote({ section }: { readonly section: SettingsPageName }) {
  const t = useSnapshot((state) => state.t);
  const locked = useSettings(({ view }) => view?.locked);
  const here = lockedOn(section, locked ?? []);
  if (here.length === 0) return null;
  return (
    <div className="lock-note" data-testid={`locked-${section}`}>
      <Icon name="lock" />
      <span>
        {t('settings.locked')}
        <code className="wrap">{here.join(', ')}</code>
      </span>
    </div>
  );
}
