/** Updates of the app: what is known, how it is installed, and what the last check found at each server. */
import type { ReactNode } from 'react';
import { UPDATE_FEED } from '../../../shared/contract/settings-schema.ts';
import type { FeedVerdict, UpdateState } from '../../../shared/domain/update.ts';
import { formatAge } from '../../../shared/messages/format.ts';
import { causeShort, type Translate } from '../../../shared/messages/messages.ts';
import { SwitchRow } from '../../common/setting-rows.tsx';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { TextList } from './fields.tsx';
import { useSettings } from './use-settings.ts';

export function UpdatesSection() {
  const t = useSnapshot((state) => state.t);
  const updates = useSettings((state) => state.updates);
  const chosen = useSettings(({ view }) => view?.values.updates);
  const change = useSettings((state) => state.change);
  if (updates === null || chosen === undefined) return null;
  if (updates.phase === 'unsupported') {
    return (
      <p className="note" data-testid="update-status">
        {t('settings.updates-unsupported')}
      </p>
    );
  }
  const { feeds: _, ...withoutFeeds } = chosen;
  return (
    <>
      <div className="list">
        <SwitchRow
          label={t('settings.updates-on')}
          hint={t('settings.updates-on-hint')}
          testId="updates-on"
          field="updates.enabled"
          checked={chosen.enabled !== false}
          onChange={(enabled) => void change({ updates: { ...chosen, enabled } })}
        />
        <StatusRow updates={updates} />
      </div>
      {updates.next !== null && updates.next.notes !== '' && (
        <section className="section">
          <h3>{t('settings.updates-notes', { version: updates.next.version })}</h3>
          <div className="list release-notes" data-testid="update-notes">
            <Notes text={updates.next.notes} />
          </div>
        </section>
      )}
      {updates.feeds.length > 0 && <Verdicts feeds={updates.feeds} />}
      <TextList
        label={t('settings.updates-feeds')}
        hint={t('settings.updates-feeds-hint')}
        items={chosen.feeds ?? []}
        placeholder="https://updates.example.com"
        testId="update-feeds"
        field="updates.feeds"
        faultOf={(text) => (UPDATE_FEED.test(text) ? null : t('settings.fault-update-url'))}
        onChange={(items, removed) => {
          const notice = removed === null ? undefined : ({ kind: 'removed', name: removed } as const);
          void change({ updates: items.length === 0 ? withoutFeeds : { ...chosen, feeds: [...items] } }, notice);
        }}
      />
    </>
  );
}

/** Headings and list items of the Markdown; everything else as it was written. */
function Notes({ text }: { readonly text: string }) {
  return text.split('\n').map((line, index) => {
    const heading = /^#+\s+(.*)$/.exec(line)?.[1];
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and never change their order
    return <p key={index}>{heading === undefined ? withCode(line.replace(/^[-*]\s+/, '• ')) : <b>{heading}</b>}</p>;
  });
}

/** Every second part of a line stands between backticks; one without its end is shown as it is. */
function withCode(line: string): ReactNode {
  const parts = line.split('`');
  if (parts.length % 2 === 0) return line;
  // biome-ignore lint/suspicious/noArrayIndexKey: as above
  return parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}

function StatusRow({ updates }: { readonly updates: UpdateState }) {
  const t = useSnapshot((state) => state.t);
  const run = useSettings((state) => state.run);
  const now = useNow();
  const { phase, checkedAt } = updates;
  return (
    <div className="setting">
      <span aria-live="polite">
        <span data-testid="update-status">{statusOf(updates, t)}</span>
        {checkedAt !== null && (
          <small className="num">{t('settings.updates-checked', { time: formatAge(checkedAt, now, t) })}</small>
        )}
      </span>
      <span className="controls">
        {phase !== 'off' && phase !== 'staged' && (
          <button
            type="button"
            className="button"
            disabled={phase === 'checking' || phase === 'downloading'}
            data-testid="update-check"
            onClick={() => void run('updates.check')}
          >
            {t('settings.updates-check')}
          </button>
        )}
        {phase === 'staged' && (
          <button
            type="button"
            className="button primary"
            data-testid="update-install"
            onClick={() => void run('updates.install')}
          >
            {t('settings.updates-install')}
          </button>
        )}
      </span>
    </div>
  );
}

/** What is known, in one sentence. */
function statusOf({ phase, version, next, progress, checkedAt, feeds }: UpdateState, t: Translate): string {
  if (phase === 'off') return t('settings.updates-off', { version });
  if (phase === 'checking') return t('settings.updates-checking');
  if (next !== null && phase === 'downloading') {
    return t('settings.updates-downloading', { version: next.version, percent: Math.floor(progress * 100) });
  }
  if (next !== null) return t('settings.updates-staged', { version: next.version });
  if (checkedAt === null) return t('settings.updates-never', { version });
  const isUsable = feeds.some(({ failure }) => failure === null);
  return t(isUsable ? 'settings.updates-current' : 'settings.updates-failed', { version });
}

function Verdicts({ feeds }: { readonly feeds: readonly FeedVerdict[] }) {
  const t = useSnapshot((state) => state.t);
  return (
    <section className="section" data-testid="update-servers">
      <h3>{t('settings.updates-servers')}</h3>
      <div className="list">
        {feeds.map((feed) => (
          <div key={feed.url} className="setting">
            <span>
              <span className="mono wrap">{feed.url}</span>
              <small className={feed.failure === null ? 'wrap' : 'wrap bad'}>{verdictOf(feed, t)}</small>
            </span>
          </div>
        ))}
      </div>
    </section>
  );
}

function verdictOf({ failure, cause, detail }: FeedVerdict, t: Translate): string {
  if (failure === null) return t('settings.updates-ok');
  if (failure === 'unreachable') return cause === null ? detail : causeShort(t, cause);
  return t(`settings.updates-${failure}`, { detail });
}
