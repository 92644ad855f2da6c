import { expect, test } from 'vitest';
import { SAMPLE_AT, sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import type { Alert } from '../../shared/domain/snapshot.ts';
import { translator } from '../../shared/messages/messages.ts';
import { durationText, outageText, problemNotification, recoveryText } from './notification-texts.ts';

const en = translator('en');
const zh = translator('zh-CN');
const alert: Alert = {
  id: 'a',
  endpointId: 'first',
  cause: 'eof-no-response',
  severity: 'down',
  drill: false,
  startedAt: SAMPLE_AT,
  remedyProfileId: 'two',
};

test('an outage names the endpoint, the cause and the profile that works', () => {
  const text = outageText(alert, sampleSnapshot(), 'en', en);
  expect(text.title).toContain('first.example');
  expect(text.body).toContain('“Two”');
  expect(text.action).toBe('Switch to Two');
  expect(outageText(alert, sampleSnapshot(), 'zh-CN', zh).action).toBe('切换到 二');
});

test('without a working profile there is no button, but still advice', () => {
  const text = outageText({ ...alert, cause: null, remedyProfileId: null }, sampleSnapshot(), 'en', en);
  expect(text.action).toBeNull();
  expect(text.body.length).toBeGreaterThan(20);
});

test('a recovery quotes the length of the outage', () => {
  const recovery = { endpointId: 'first', outageMs: 125_000, at: SAMPLE_AT, drill: false };
  expect(recoveryText(recovery, sampleSnapshot(), en).body).toBe('The outage lasted 2 minutes.');
  expect(recoveryText(recovery, sampleSnapshot(), zh).body).toBe('故障持续了 2 分钟。');
});

test.each([
  [400, '1 second', '1 秒'],
  [45_000, '45 seconds', '45 秒'],
  [60_000, '1 minute', '1 分钟'],
  [3_600_000, '1 hour', '1 小时'],
  [3_660_000, '1 hour 1 minute', '1 小时 1 分钟'],
  [50 * 3_600_000 + 5 * 60_000, '50 hours 5 minutes', '50 小时 5 分钟'],
])('a span of %d ms reads well', (ms, english, chinese) => {
  expect(durationText(ms, en)).toBe(english);
  expect(durationText(ms, zh)).toBe(chinese);
});

test('a problem without its own text still shows its name', () => {
  expect(problemNotification({ key: 'internal', params: {} }, en).body).toContain('Gopherbar');
  expect(problemNotification({ key: 'no-such-key', params: {} }, en).body).toContain('no-such-key');
});
