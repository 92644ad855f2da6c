/**
 * Reads incidents out of status feeds. Sources: Atlassian Statuspage, "Status API v2", unresolved incidents; Google Cloud,
 * "Service Health", incidents.json. What does not look like either is null; dates in the future are no incidents. Pure.
 */
import * as v from 'valibot';
import type { ReportedIncident, StatusFeed } from '../../shared/domain/status-feed.ts';
import type { EpochMs } from '../../shared/domain/units.ts';

const MAX_TITLE = 200;
/** More open incidents than that are a mistake of the feed. */
const MAX_INCIDENTS = 20;

/** Products of Google Cloud that module proxies and the checksum database run on. */
const PRODUCTS = /storage|load balanc|networking|cdn|dns|spanner|kubernetes|run\b|compute/i;

const statuspage = v.object({
  incidents: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      created_at: v.string(),
      started_at: v.optional(v.nullable(v.string())),
    }),
  ),
});

const google = v.array(
  v.object({
    begin: v.string(),
    end: v.optional(v.nullable(v.string())),
    external_desc: v.string(),
    status_impact: v.optional(v.nullable(v.string())),
    affected_products: v.optional(v.nullable(v.array(v.object({ title: v.string() })))),
  }),
);

/** Open incidents, the newest first; null where the text is not such a feed. */
export function parseStatusFeed(
  format: StatusFeed['format'],
  text: string,
  now: EpochMs,
): readonly ReportedIncident[] | null {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return null;
  }
  const found = format === 'statuspage' ? fromStatuspage(content) : fromGoogle(content);
  return (
    found
      ?.filter(({ since }) => Number.isFinite(since) && since <= now)
      .toSorted((a, b) => b.since - a.since)
      .slice(0, MAX_INCIDENTS) ?? null
  );
}

function fromStatuspage(content: unknown): readonly ReportedIncident[] | null {
  const read = v.safeParse(statuspage, content);
  if (!read.success) return null;
  return read.output.incidents
    .filter(({ status }) => status !== 'resolved' && status !== 'postmortem')
    .map(({ name, started_at, created_at }) => ({ title: oneLine(name), since: Date.parse(started_at ?? created_at) }));
}

function fromGoogle(content: unknown): readonly ReportedIncident[] | null {
  const read = v.safeParse(google, content);
  if (!read.success) return null;
  return read.output
    .filter(
      ({ end, status_impact, affected_products }) =>
        (end ?? '') === '' &&
        status_impact !== 'SERVICE_INFORMATION' &&
        affected_products?.some(({ title }) => PRODUCTS.test(title)) === true,
    )
    .map(({ external_desc, begin }) => ({ title: oneLine(external_desc), since: Date.parse(begin) }));
}

/** A stranger's text as one line. */
function oneLine(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return clean.length > MAX_TITLE ? `${clean.slice(0, MAX_TITLE - 1)}…` : clean;
}
