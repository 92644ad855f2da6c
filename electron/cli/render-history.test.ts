/** What `gopherbar history` prints: names instead of ids, words instead of kinds, drills marked, one block a day. */
import { expect, it } from 'vitest';
import type { Incident } from '../../shared/domain/incident.ts';
import { EVENT_KINDS, type HistoryEvent } from '../../shared/domain/timeline.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { translator } from '../../shared/messages/messages.ts';
import { renderHistory } from './render-history.ts';

const NOON = new Date(2026, 10, 27, 12, 0).getTime();
const endpoints = [{ id: 'cn', name: 'goproxy.cn' }];
const profiles = [{ id: 'china', name: { en: 'China', 'zh-CN': '国内' } }];
const screen = (language: 'en' | 'zh-CN') => ({
  language,
  t: translator(language, (key, error) => {
    throw new Error(`${key}: ${error}`);
  }),
  style: (_style: unknown, text: string) => text,
});

const OUTAGE: Incident = {
  id: 'one',
  endpointId: 'cn',
  severity: 'down',
  cause: 'eof-no-response',
  startedAt: NOON,
  endedAt: NOON + 12 * MINUTE_MS,
  verdict: null,
  profileIds: [],
  unobservedMs: 0,
  evidence: null,
  drill: false,
};

function print(incidents: readonly Incident[], events: readonly HistoryEvent[], language: 'en' | 'zh-CN' = 'en') {
  return renderHistory({ incidents, events, endpoints, profiles }, screen(language));
}

it('shows days, names and spans, newest first, and marks a drill', () => {
  const drill = { ...OUTAGE, drill: true, startedAt: NOON - DAY_MS, endedAt: null };
  const switched = { at: NOON + MINUTE_MS, kind: 'switched', detail: 'china' } as const;
  expect(print([OUTAGE, drill], [switched])).toBe(
    `Fri, Nov 27, 2026
  12:01  · Switched to China
  12:00  ✗ goproxy.cn · EOF, no response · 12 min

Thu, Nov 26, 2026
  12:00  ✗ [Drill] goproxy.cn · EOF, no response · ongoing
`,
  );
  expect(print([drill], [switched], 'zh-CN')).toContain('已切换到 国内');
});

it.each(['en', 'zh-CN'] as const)('says every kind of event in words (%s)', (language) => {
  const details = { switched: ['', 'china', 'lint-fix'], undone: ['', 'china', 'lint-fix', 'before-the-change'] };
  const facts = {
    'go-changed': ['go1.25.4 → go1.26.0'],
    'go-settings-changed': ['GOPROXY'],
    'addresses-changed': ['public → fake-ip'],
    'issuer-changed': ['public → Corp Root'],
    'mirror-stale': ['golang.org/x/text'],
  };
  for (const kind of EVENT_KINDS) {
    const known: Partial<Record<string, readonly string[]>> = { ...details, drilled: ['{"at":1}'], ...facts };
    for (const detail of known[kind] ?? ['']) {
      const [, line = ''] = print([], [{ at: NOON, kind, detail }], language).split('\n');
      expect(line).toMatch(/^ {2}12:00 {2}· \S/);
      expect(line).not.toContain(`· ${kind}`);
      expect(line).not.toMatch(/lint-fix|before-the-change|[{}]|event\./);
    }
  }
});

it('says that there is nothing', () => {
  expect(print([], [])).toBe('No data for this period.\n');
});
