/** How the app looks and speaks, what it contacts, and the way out. */
import { useState } from 'react';
import {
  DRILL_DAYS,
  type DrillDays,
  LANGUAGES,
  REMINDER_HOURS,
  type ReminderHours,
} from '../../shared/domain/snapshot.ts';
import { Contacts } from './contacts.tsx';
import { IconButton } from './footer.tsx';
import { NetworkSettings } from './network-settings.tsx';
import { Notices } from './notices.tsx';
import { Passwords } from './passwords.tsx';
import { ResourceUsage } from './resource-usage.tsx';
import { usePopover } from './use-popover.ts';

const LANGUAGE_NAMES = { en: 'English', 'zh-CN': '简体中文' } as const;

/** Offered; others can be written into the settings file. */
const QUIET_HOURS = ['22:00-08:00', '23:00-07:00', '19:00-09:00'];

export function SettingsView() {
  const { language, theme, notifications, launchAtLogin, quietHours, reminderHours, drillEveryDays } = usePopover(
    (state) => state.snapshot.preferences,
  );
  const t = usePopover((state) => state.t);
  const { show, send } = usePopover((state) => state);
  const [sent, setSent] = useState(false);
  const test = async () => setSent((await send('notification.test', null)).ok);
  return (
    <>
      <div className="bar">
        <IconButton icon="back" label={t('popover.back')} onClick={() => show({ name: 'overview' })} />
        <h1>{t('settings.title')}</h1>
      </div>
      <Notices />
      <section className="list">
        <label className="setting">
          {t('settings.language')}
          <select
            data-testid="language"
            value={language}
            onChange={(event) => void send('preferences.set', { language: event.target.value as typeof language })}
          >
            <option value="system">{t('settings.system')}</option>
            {LANGUAGES.map((one) => (
              <option key={one} value={one}>
                {LANGUAGE_NAMES[one]}
              </option>
            ))}
          </select>
        </label>
        <label className="setting">
          {t('settings.theme')}
          <select
            data-testid="theme"
            value={theme}
            onChange={(event) => void send('preferences.set', { theme: event.target.value as typeof theme })}
          >
            {(['system', 'light', 'dark'] as const).map((one) => (
              <option key={one} value={one}>
                {t(`settings.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <div className="setting">
          <label htmlFor="notifications">
            {t('settings.notifications')}
            <small>{t('settings.notifications-hint')}</small>
          </label>
          <span className="controls">
            <button type="button" className="button" onClick={() => void test()}>
              {sent ? t('settings.sent') : t('settings.test')}
            </button>
            <input
              id="notifications"
              type="checkbox"
              checked={notifications}
              onChange={(event) => void send('preferences.set', { notifications: event.target.checked })}
            />
          </span>
        </div>
        <label className="setting">
          {t('settings.quiet-hours')}
          <select
            data-testid="quiet-hours"
            value={quietHours ?? ''}
            onChange={(event) => void send('preferences.set', { quietHours: event.target.value || null })}
          >
            <option value="">{t('settings.quiet-off')}</option>
            {[...new Set([...QUIET_HOURS, ...(quietHours === null ? [] : [quietHours])])].map((hours) => (
              <option key={hours} value={hours}>
                {hours.replace('-', '–')}
              </option>
            ))}
          </select>
        </label>
        <label className="setting">
          {t('settings.reminder')}
          <select
            data-testid="reminder"
            value={reminderHours}
            onChange={(event) =>
              void send('preferences.set', { reminderHours: Number(event.target.value) as ReminderHours })
            }
          >
            {REMINDER_HOURS.map((hours) => (
              <option key={hours} value={hours}>
                {hours === 0 ? t('settings.reminder-never') : t('settings.reminder-every', { hours })}
              </option>
            ))}
          </select>
        </label>
        <label className="setting">
          {t('settings.drill-every')}
          <select
            data-testid="drill-every"
            value={drillEveryDays}
            onChange={(event) =>
              void send('preferences.set', { drillEveryDays: Number(event.target.value) as DrillDays })
            }
          >
            {DRILL_DAYS.map((days) => (
              <option key={days} value={days}>
                {days === 0 ? t('settings.reminder-never') : t('settings.drill-every-days', { days })}
              </option>
            ))}
          </select>
        </label>
        <label className="setting">
          {t('settings.launch')}
          <input
            type="checkbox"
            checked={launchAtLogin}
            onChange={(event) => void send('preferences.set', { launchAtLogin: event.target.checked })}
          />
        </label>
        <div className="setting">
          {t('settings.file')}
          <button type="button" className="button" onClick={() => void send('settings.open', null)}>
            {t('settings.open')}
          </button>
        </div>
      </section>
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
