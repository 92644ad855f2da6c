/** The settings: sections with a search, and what came of the last change with its way back. */
import { useEffect, useState } from 'react';
import type { SettingsPageName } from '../../../shared/domain/settings-sections.ts';
import { problemText, type Translate } from '../../../shared/messages/messages.ts';
import { Contacts } from '../../common/contacts.tsx';
import { EmptyState } from '../../common/empty-state.tsx';
import { IconButton } from '../../common/icon-button.tsx';
import { Passwords } from '../../common/passwords.tsx';
import { PreferenceList } from '../../common/preference-list.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { AboutSection } from './about-section.tsx';
import { DataSection } from './data-section.tsx';
import { EndpointSection } from './endpoint-section.tsx';
import { GatewaySection } from './gateway-section.tsx';
import { LockNote } from './lock-note.tsx';
import { NetworkSection } from './network-section.tsx';
import { ProbingSection } from './probing-section.tsx';
import { findSections } from './sections.ts';
import type { SettingsNotice } from './settings-store.ts';
import { ProfilesSection, ToolsSection } from './tools-section.tsx';
import { UpdatesSection } from './updates-section.tsx';
import { useSettings } from './use-settings.ts';

export function SettingsPage() {
  const t = useSnapshot((state) => state.t);
  const failed = useSettings((state) => state.failed);
  const view = useSettings((state) => state.view);
  const { section, showSettings } = useDashboard((state) => state);
  const [search, setSearch] = useState('');
  useFreshSettings();
  const load = useSettings((state) => state.load);
  const found = findSections(search, t);
  const shown = search.trim() === '' ? [section] : found;
  return (
    <div className="settings-page" data-testid="settings-page">
      <nav className="settings-nav" aria-label={t('settings.title')}>
        <input
          type="text"
          className="search"
          value={search}
          placeholder={t('settings.search')}
          aria-label={t('settings.search')}
          data-testid="settings-search"
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setSearch('')}
        />
        {found.map((one) => (
          <button
            key={one}
            type="button"
            aria-current={shown.includes(one) ? 'true' : undefined}
            data-testid={`section-${one}`}
            onClick={() => {
              showSettings(one);
              setSearch('');
            }}
          >
            {t(`settings.section-${one}`)}
          </button>
        ))}
      </nav>
      <div className="settings-body">
        <SettingsToast />
        {view?.problem != null && (
          <p className="notice problem" role="alert" data-testid="file-problem">
            <span>{problemText(t, view.problem)}</span>
          </p>
        )}
        {failed && view === null && (
          <EmptyState isFault text={t('settings.unread')} action={t('dashboard.try-again')} onAct={() => void load()} />
        )}
        {shown.length === 0 && (
          <EmptyState
            text={t('settings.search-none', { text: search })}
            action={t('settings.search-clear')}
            onAct={() => setSearch('')}
          />
        )}
        {shown.map((one) => (
          <section key={one} className="settings-section" aria-labelledby={`settings-${one}`}>
            <h2 id={`settings-${one}`}>{t(`settings.section-${one}`)}</h2>
            <LockNote section={one} />
            <SectionBody section={one} />
          </section>
        ))}
      </div>
    </div>
  );
}

function SectionBody({ section }: { readonly section: SettingsPageName }) {
  switch (section) {
    case 'general':
      return <GeneralSection />;
    case 'endpoints':
      return <EndpointSection />;
    case 'profiles':
      return <ProfilesSection />;
    case 'probing':
      return <ProbingSection />;
    case 'network':
      return <NetworkSection />;
    case 'gateway':
      return <GatewaySection />;
    case 'tools':
      return <ToolsSection />;
    case 'privacy':
      return (
        <>
          <Contacts />
          <Passwords />
        </>
      );
    case 'data':
      return <DataSection />;
    case 'updates':
      return <UpdatesSection />;
    case 'about':
      return <AboutSection />;
  }
}

function GeneralSection() {
  const t = useSnapshot((state) => state.t);
  const wanted = useSnapshot((state) => state.snapshot.preferences.launchAtLogin);
  const starts = useSettings(({ view }) => view?.startsAtLogin ?? null);
  return (
    <>
      <PreferenceList />
      {starts !== null && starts !== wanted && (
        <p className="note warn" data-testid="login-differs">
          {starts ? t('settings.login-still-on') : t('settings.login-taken-away')}
        </p>
      )}
    </>
  );
}

/** Reads the settings when the page opens, when something of them changed elsewhere, and when the window comes back. */
function useFreshSettings(): void {
  const load = useSettings((state) => state.load);
  const preferences = useSnapshot((state) => state.snapshot.preferences);
  const endpoints = useSnapshot(({ snapshot }) => snapshot.endpoints.map(({ endpoint }) => endpoint.id).join(' '));
  const notices = useSnapshot(({ snapshot }) => snapshot.notices.map(({ key }) => key).join(' '));
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when any of these has changed
  useEffect(() => {
    void load();
    const onFocus = () => void load();
    window.addEventListener('focus', onFocus);
    return () => window.removeEventListener('focus', onFocus);
  }, [load, JSON.stringify(preferences), endpoints, notices]);
}

function SettingsToast() {
  const t = useSnapshot((state) => state.t);
  const notice = useSettings((state) => state.notice);
  const canUndo = useSettings(({ view }) => view?.canUndo === true);
  const { undo, dismiss } = useSettings((state) => state);
  return (
    <div aria-live="polite">
      {notice !== null && (
        <div className={notice.kind === 'problem' ? 'notice problem' : 'notice'} data-testid="settings-toast">
          <span>{noticeText(notice, t)}</span>
          {canUndo && notice.kind !== 'problem' && notice.kind !== 'undone' && notice.kind !== 'exported' && (
            <button type="button" className="button" data-testid="settings-undo" onClick={() => void undo()}>
              {t('settings.undo')}
            </button>
          )}
          <IconButton icon="close" className="small" label={t('popover.dismiss')} onClick={dismiss} />
        </div>
      )}
    </div>
  );
}

function noticeText(notice: SettingsNotice, t: Translate): string {
  switch (notice.kind) {
    case 'problem':
      return problemText(t, notice.problem);
    case 'exported':
      if (notice.hidden.length === 0) return t('settings.toast-exported');
      return t('settings.toast-exported-without', { fields: notice.hidden.join(', ') });
    default:
      return t(`settings.toast-${notice.kind}`, { name: notice.kind === 'removed' ? notice.name : '' });
  }
}
