/** Whether the operator of a failing public host reports an incident: asked only then, and only where it is allowed. */
import { hostAndPortOf, httpOriginOf } from '../../../shared/domain/host.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import { feedsFor, type StatusFeed } from '../../../shared/domain/status-feed.ts';
import type { DiagnosisContext } from '../diagnosis-context.ts';
import { parseStatusFeed } from '../status-feeds.ts';
import { type CheckResult, type DoctorCheck, found, NOT_NEEDED, note } from './check.ts';

/** Asks the feeds of the failing hosts. */
export const statusCheck: DoctorCheck = {
  id: 'status',
  needs: ['network'],
  run: async (context) => {
    const feeds = feedsFor(failingHosts(context));
    if (feeds.length === 0) return NOT_NEEDED;
    if (!context.ports.settings.statusFeeds) return notAllowed(feeds);
    const notes = await Promise.all(feeds.map((feed) => ask(feed, context)));
    return found(
      notes.flat(),
      feeds.map(({ url }) => shellCommand('curl', ['-sS', '--', url])),
    );
  },
};

function failingHosts({ measured }: DiagnosisContext): readonly string[] {
  const failing = measured.filter(({ endpoint, result }) => endpoint.kind !== 'module' && result.outcome === 'failed');
  return failing.map(({ endpoint: { url } }) => httpOriginOf(url)?.host ?? hostAndPortOf(url) ?? '');
}

/** What would be asked, and how to allow it. */
function notAllowed(feeds: readonly StatusFeed[]): CheckResult {
  const by = feeds.map((feed) => feed.by).join(', ');
  const allow = shellCommand('gopherbar', ['config', 'set', 'doctor.statusFeeds', 'true']);
  return { status: 'not-needed', notes: [note('status-not-allowed', { by })], commands: [allow] };
}

async function ask({ by, url, format }: StatusFeed, { ports, signal }: DiagnosisContext) {
  const text = await ports.readFeed(url, signal);
  const incidents = text === null ? null : parseStatusFeed(format, text, ports.clock.now());
  if (incidents === null) return [note('status-unread', { by })];
  if (incidents.length === 0) return [note('status-none', { by })];
  return incidents.map(({ title, since }) => note('status-incident', { by, title, since }, 'warning'));
}
