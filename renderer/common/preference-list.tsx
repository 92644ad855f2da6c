/** Preferences: language, theme, notifications, start at login, the global shortcut, and where the settings file is. */
import { useState } from 'react';
import type { RequestInput } from '../../shared/contract/channels.ts';
import { DRILL_DAYS, LANGUAGES, REMINDER_HOURS, TRAY_TEXTS } from '../../shared/domain/snapshot.ts';
import { SelectRow, SwitchRow } from './setting-rows.tsx';
import { ShortcutRow } from './shortcut-row.tsx';
import { useSnapshot } from './use-snapshot.ts';

const LANGUAGE_NAMES = { en: 'English', 'zh-CN': '简体中文' } as const;

/** Offered here; any other span can be written into the settings file. */
const QUIET_HOURS = ['22:00-08:00', '23:00-07:00', '19:00-09:00'];

function useSetPreferences(): (change: RequestInput<'preferences.set'>) => void {
  const send = useSnapshot((state) => state.send);
  return (change) => void send('preferences.set', change);
}

export function PreferenceList() {
  return (
    <section className="list">
      <LookRows />
      <NotificationRows />
      <SystemRows />
    </section>
  );
}

function LookRows() {
  const t = useSnapshot((state) => state.t);
  const { language, theme, trayText } = useSnapshot((state) => state.snapshot.preferences);
  const set = useSetPreferences();
  return (
    <>
      <SelectRow
        label={t('settings.language')}
        testId="language"
        field="preferences.language"
        value={language}
        options={[
          { value: 'system' as const, label: t('settings.system') },
          ...LANGUAGES.map((one) => ({ value: one, label: LANGUAGE_NAMES[one] })),
        ]}
        onChange={(value) => set({ language: value })}
      />
      <SelectRow
        label={t('settings.theme')}
        testId="theme"
        field="preferences.theme"
        value={theme}
        options={(['system', 'light', 'dark'] as const).map((one) => ({ value: one, label: t(`settings.${one}`) }))}
        onChange={(value) => set({ theme: value })}
      />
      {/* Only a Mac's menu bar shows a text beside an icon. */}
      {document.documentElement.dataset.platform === 'darwin' && (
        <SelectRow
          label={t('settings.tray-text')}
          testId="tray-text"
          field="preferences.trayText"
          value={trayText}
          options={TRAY_TEXTS.map((one) => ({ value: one, label: t(`settings.tray-text-${one}`) }))}
          onChange={(value) => set({ trayText: value })}
        />
      )}
    </>
  );
}

function NotificationRows() {
  const t = useSnapshot((state) => state.t);
  const { notifications, quietHours, reminderHours, drillEveryDays } = useSnapshot(
    (state) => state.snapshot.preferences,
  );
  const set = useSetPreferences();
  const spans = [...new Set([...QUIET_HOURS, ...(quietHours === null ? [] : [quietHours])])];
  return (
    <>
      <SwitchRow
        label={t('settings.notifications')}
        hint={t('settings.notifications-hint')}
        testId="notifications"
        field="preferences.notifications"
        checked={notifications}
        onChange={(checked) => set({ notifications: checked })}
      >
        <TestNotification />
      </SwitchRow>
      <SelectRow
        label={t('settings.quiet-hours')}
        testId="quiet-hours"
        field="preferences.quietHours"
        value={quietHours ?? ''}
        options={[
          { value: '', label: t('settings.quiet-off') },
          ...spans.map((hours) => ({ value: hours, label: hours.replace('-', '–') })),
        ]}
        onChange={(hours) => set({ quietHours: hours === '' ? null : hours })}
      />
      <SelectRow
        label={t('settings.reminder')}
        testId="reminder"
        field="preferences.reminderHours"
        value={reminderHours}
        options={REMINDER_HOURS.map((hours) => ({
          value: hours,
          label: hours === 0 ? t('settings.reminder-never') : t('settings.reminder-every', { hours }),
        }))}
        onChange={(hours) => set({ reminderHours: hours })}
      />
      <SelectRow
        label={t('settings.drill-every')}
        testId="drill-every"
        field="preferences.drillEveryDays"
        value={drillEveryDays}
        options={DRILL_DAYS.map((days) => ({
          value: days,
          label: days === 0 ? t('settings.reminder-never') : t('settings.drill-every-days', { days }),
        }))}
        onChange={(days) => set({ drillEveryDays: days })}
      />
    </>
  );
}

function TestNotification() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const [sent, setSent] = useState(false);
  const test = async () => setSent((await send('notification.test', null)).ok);
  return (
    <button type="button" className="button" onClick={() => void test()}>
      {sent ? t('settings.sent') : t('settings.test')}
    </button>
  );
}

function SystemRows() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const launchAtLogin = useSnapshot((state) => state.snapshot.preferences.launchAtLogin);
  const set = useSetPreferences();
  return (
    <>
      <SwitchRow
        label={t('settings.launch')}
        testId="launch-at-login"
        field="preferences.launchAtLogin"
        checked={launchAtLogin}
        onChange={(checked) => set({ launchAtLogin: checked })}
      />
      <ShortcutRow />
      <div className="setting">
        {t('settings.file')}
        <button type="button" className="button" onClick={() => void send('settings.open', null)}>
          {t('settings.open')}
        </button>
      </div>
    </>
  );
}
