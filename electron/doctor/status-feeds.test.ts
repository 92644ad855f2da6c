import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedsFor } from '../../shared/domain/status-feed.ts';
import { parseStatusFeed } from './status-feeds.ts';

const NOW = Date.UTC(2027, 0, 31, 15);
const at = (hour: number) => new Date(Date.UTC(2027, 0, 31, hour)).toISOString();

const statuspage = (...incidents: readonly object[]) =>
  JSON.stringify({ page: { id: 'x', name: 'Forge', time_zone: 'Etc/UTC' }, incidents });
const incident = (change: object = {}) => ({
  id: 'i1',
  name: 'Git operations degraded',
  status: 'investigating',
  impact: 'major',
  created_at: at(13),
  started_at: at(12),
  components: [{ name: 'Git Operations', status: 'degraded_performance' }],
  ...change,
});

describe('a Statuspage', () => {
  it('lists open incidents, the newest first, by their start', () => {
    const text = statuspage(
      incident(),
      incident({ name: 'Webhooks\u0007\n late', started_at: null, created_at: at(14) }),
      incident({ status: 'resolved' }),
      incident({ status: 'postmortem' }),
    );
    expect(parseStatusFeed('statuspage', text, NOW)).toEqual([
      { title: 'Webhooks late', since: Date.parse(at(14)) },
      { title: 'Git operations degraded', since: Date.parse(at(12)) },
    ]);
    expect(parseStatusFeed('statuspage', statuspage(), NOW)).toEqual([]);
  });

  it('is believed about the past only', () => {
    const text = statuspage(incident({ started_at: at(16) }), incident({ started_at: 'yesterday' }));
    expect(parseStatusFeed('statuspage', text, NOW)).toEqual([]);
  });
});

describe('Google Cloud', () => {
  const entry = (change: object = {}) => ({
    id: 'a',
    begin: at(9),
    end: null,
    external_desc: 'Elevated errors in multi-region buckets',
    status_impact: 'SERVICE_DISRUPTION',
    affected_products: [{ title: 'Google Cloud Storage', id: 's' }],
    ...change,
  });

  it('lists open incidents of the products that module proxies run on', () => {
    const text = JSON.stringify([
      entry(),
      entry({ end: at(10) }),
      entry({ affected_products: [{ title: 'Chronicle Security' }] }),
      entry({ affected_products: [] }),
      entry({ status_impact: 'SERVICE_INFORMATION' }),
    ]);
    expect(parseStatusFeed('google', text, NOW)).toEqual([
      { title: 'Elevated errors in multi-region buckets', since: Date.parse(at(9)) },
    ]);
  });
});

describe('a hostile feed', () => {
  it.each(['', '<!DOCTYPE html>', '{"incidents": {}}', '[1]', 'null', '[{"begin": 3}]'])('%j says nothing', (text) => {
    expect(parseStatusFeed('google', text, NOW)).toBeNull();
    expect(parseStatusFeed('statuspage', text, NOW)).toBeNull();
  });

  it('yields few incidents with short titles of one line', () => {
    const many = Array.from({ length: 500 }, () => incident({ name: `${'x'.repeat(5_000)}\u202e\n` }));
    const found = parseStatusFeed('statuspage', statuspage(...many), NOW) ?? [];
    expect(found).toHaveLength(20);
    expect(found.every(({ title }) => title.length <= 200 && !/[\n\u202e]/.test(title))).toBe(true);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parseStatusFeed('google', text, NOW);
        parseStatusFeed('statuspage', `{"incidents": ${text}}`, NOW);
      }),
    );
  });
});

it('a host has the feed of its operator, names that only look like it have none', () => {
  expect(feedsFor(['raw.githubusercontent.com', 'PROXY.golang.org']).map(({ id }) => id)).toEqual([
    'github',
    'google-cloud',
  ]);
  expect(feedsFor(['github.com.evil.test', 'mygithub.com', 'goproxy.cn', ''])).toEqual([]);
});
