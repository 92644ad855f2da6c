/** Preferences, the current network, the app's own resource use, passwords asked for, and every host contacted. */

import { Contacts } from '../common/contacts.tsx';
import { IconButton } from '../common/icon-button.tsx';
import { NetworkSettings } from '../common/network-settings.tsx';
import { Passwords } from '../common/passwords.tsx';
import { PreferenceList } from '../common/preference-list.tsx';
import { ResourceUsage } from '../common/resource-usage.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';
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
      <div className="list">
        <div className="setting">
          {t('settings.all-hint')}
          <button
            type="button"
            className="button"
            data-testid="all-settings"
            onClick={() => void send('dashboard.open', { endpointId: null, page: 'settings' })}
          >
            {t('settings.all')}
          </button>
        </div>
      </div>
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
