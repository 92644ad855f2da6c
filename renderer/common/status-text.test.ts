import { describe, expect, it } from 'vitest';
import { STATES } from '../../e2e/gallery/states/index.ts';
import { translator } from '../../shared/messages/messages.ts';
import { statusEndpoint, statusText } from './status-text.ts';

const NOW = 1_700_000_000_000;

function snapshotOf(state: string) {
  const make = STATES[state];
  if (make === undefined) throw new Error(state);
  return make(NOW);
}

describe('what a window says first', () => {
  it('has at most two lines in every state and language, and always a title', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      for (const state of Object.keys(STATES)) {
        const { title, lines } = statusText(snapshotOf(state), translator(language), language, NOW);
        expect([state, title === '', lines.length > 2, lines.some((line) => line === '')]).toEqual([
          state,
          false,
          false,
          false,
        ]);
      }
    }
  });

  it('says of an outage since when, and what the separator means for go', () => {
    const { severity, title, lines } = statusText(snapshotOf('down'), translator('en'), 'en', NOW);
    expect([severity, title]).toEqual(['down', 'goproxy.cn: Connection reset']);
    expect(lines[0]).toContain('3 min 12 s');
    expect(lines[1]).toContain('404 or 410');
  });

  it('is amber for what works with trouble, although the verdict may be worse', () => {
    expect(statusText(snapshotOf('intermittent'), translator('en'), 'en', NOW).severity).toBe('degraded');
  });

  it('is red without a working go', () => {
    expect(statusText(snapshotOf('go-missing'), translator('en'), 'en', NOW).severity).toBe('down');
  });

  it('is about the endpoint of the alert, else of the verdict, else the first', () => {
    expect(statusEndpoint(snapshotOf('down'))?.endpoint.id).toBe('goproxy.cn');
    expect(statusEndpoint(snapshotOf('degraded'))?.endpoint.id).toBe('proxy.golang.org');
    expect(statusEndpoint(snapshotOf('offline'))?.endpoint.id).toBe('goproxy.cn');
    expect(statusEndpoint(snapshotOf('empty'))).toBeNull();
  });
});
