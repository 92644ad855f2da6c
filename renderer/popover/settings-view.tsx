/** Preferences, the current network, the app's own resource use, passwords asked for, and every host contacted. */
import { IconButton } from '../common/icon-button.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';
import { Contacts } from './contacts.tsx';
import { NetworkSettings } from './network-settings.tsx';
import { Passwords } from './passwords.tsx';
import { PreferenceList } from './preference-list.tsx';
import { ResourceUsage } from './resource-usage.tsx';
import { usePopover } from './use-popover.ts';

export function SettingsView() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const show = usePopover((state) => state.show);
  return (
    <>
      <div className="bar">
        <IconButton icon="back" label={t('popover.back')} onClick={() => show({ name: 'overview' })} />
        <h1>{t('settings.title')}</h1>
      </div>
      <PreferenceList />
      <NetworkSettings />
      <ResourceUsage />
      <Passwords />
      <Contacts />
      <div className="actions bar">
        <button type="button" className="button" data-testid="quit" onClick={() => void send('app.quit', null)}>
          {t('settings.quit')}
        </button>
      </div>
    </>
  );
}
