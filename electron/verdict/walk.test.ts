import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../shared/domain/cause.ts';
import { parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import type { Status } from '../../shared/domain/status.ts';
import { type EntryView, reportedStep, walkGoproxy, walkModule } from './walk.ts';

const A = 'https://a.example';
const B = 'https://b.example';

function view(status: Status, cause: Cause | null = null): EntryView {
  return { endpointId: 'id', status, cause, latencyMs: 40 };
}

function walk(list: string, views: Record<string, EntryView>) {
  return walkGoproxy(parseGoproxyList(list), (url) => views[url] ?? null);
}

describe('walking a GOPROXY list', () => {
  it('ends at a first entry that answers', () => {
    expect(walk(`${A},${B}`, { [A]: view('up') })).toMatchObject({ outcome: 'works', endsAt: 0, latencyMs: 40 });
  });

  it('stops at a comma after an EOF although the next entry works', () => {
    const result = walk(`${A},${B},direct`, { [A]: view('down', 'eof-no-response'), [B]: view('up') });
    expect(result).toMatchObject({ outcome: 'stops', endsAt: 0 });
    expect(result.steps.map((step) => step.action)).toEqual(['stops', 'not-reached', 'not-reached']);
  });

  it('goes on at a pipe after an EOF', () => {
    const result = walk(`${A}|${B}`, { [A]: view('down', 'eof-no-response'), [B]: view('up') });
    expect(result).toMatchObject({ outcome: 'fell-back', endsAt: 1, latencyMs: 40 });
    expect(result.steps[0]).toMatchObject({ action: 'fails-over', cause: 'eof-no-response' });
  });

  it('does not walk around a proxy that blocks the one module that is watched', () => {
    const views = { [A]: view('down', 'module-blocked'), [B]: view('up') };
    expect(walk(`${A}|${B}`, views)).toMatchObject({ outcome: 'works', endsAt: 0 });
    expect(walk(`${A}|${B}`, { ...views, [A]: view('down', 'region-blocked') })).toMatchObject({
      outcome: 'fell-back',
    });
  });

  it('goes on at a comma after a 404', () => {
    expect(walk(`${A},${B}`, { [A]: view('down', 'module-not-found'), [B]: view('up') }).outcome).toBe('fell-back');
  });

  it('does not go on from a server that answers anything with a page: go finds out too late', () => {
    const result = walk(`${A}|${B}`, { [A]: view('down', 'not-a-goproxy'), [B]: view('up') });
    expect(result).toMatchObject({ outcome: 'stops', endsAt: 0 });
  });

  it('asks no entry when one before direct cannot be read', () => {
    const result = walk(`${A},goproxycn,direct`, { [A]: view('up') });
    expect(result).toMatchObject({ outcome: 'stops', endsAt: 1 });
    expect(result.steps.map(({ action }) => action)).toEqual(['not-reached', 'stops', 'not-reached']);
    expect(walk(`${A},direct,goproxycn`, { [A]: view('up') }).outcome).toBe('works');
  });

  it('goes past the proxies for a private module, even past off', () => {
    const route = { goproxy: 'off', gonoproxy: '*.corp.test' };
    const direct = (url: string) => (url === 'direct' ? view('up') : null);
    expect(walkModule(route, 'git.corp.test/a', direct)).toMatchObject({ outcome: 'works', endsAt: 0 });
    expect(walkModule(route, 'github.com/a/b', direct)).toMatchObject({ outcome: 'stops' });
  });

  it('a private module that no proxy has falls through to its source, a missing one to nothing', () => {
    const entries = parseGoproxyList(`${A},direct`);
    const up = () => view('up');
    expect(walkGoproxy(entries, up, 'private')).toMatchObject({ outcome: 'fell-back', endsAt: 1 });
    expect(walkGoproxy(entries, up, 'missing')).toMatchObject({ outcome: 'stops', endsAt: 1 });
  });

  it('knows whose error go prints', () => {
    const views = { [A]: view('down', 'http-server-error'), [B]: view('down', 'module-not-found') };
    expect(reportedStep(walk(`${A}|${B}`, views))).toBe(0);
    expect(reportedStep(walk(`${B}|${A}`, views))).toBe(1);
    expect(reportedStep(walk(`${A},direct`, {}))).toBeNull();
  });

  it('does not claim that direct works, for it is not probed', () => {
    expect(walk('direct', {})).toMatchObject({ outcome: 'unproven', endsAt: 0 });
    expect(walk(`${A}|direct`, { [A]: view('down', 'eof-no-response') })).toMatchObject({
      outcome: 'unproven',
      endsAt: 1,
    });
  });

  it('refuses off, malformed entries and empty lists', () => {
    expect(walk('off', {}).steps[0]?.cause).toBe('goproxy-off');
    expect(walk('goproxycn|direct', {})).toMatchObject({ outcome: 'stops', endsAt: 0 });
    expect(walk('', {})).toMatchObject({ outcome: 'stops', endsAt: null });
  });

  it('shows no credentials', () => {
    expect(walk('https://user:secret@a.example', {}).steps[0]?.text).toBe('https://user:xxxxx@a.example');
  });

  it('reaches no entry after the one where it ends, whatever the list', () => {
    const status = fc.constantFrom<Status>('up', 'degraded', 'down', 'unknown');
    const separator = fc.constantFrom(',', '|');
    fc.assert(
      fc.property(fc.array(fc.tuple(status, separator), { minLength: 1, maxLength: 6 }), (entries) => {
        const list = entries.map(([, sep], i) => `https://h${i}.example${sep}`).join('');
        const result = walk(
          list,
          Object.fromEntries(
            entries.map(([s], i) => [`https://h${i}.example`, view(s, s === 'down' ? 'http-server-error' : null)]),
          ),
        );
        const end = result.endsAt ?? result.steps.length;
        for (const [i, step] of result.steps.entries()) {
          if (i < end) expect(step.action).toBe('fails-over');
          if (i > end) expect(step.action).toBe('not-reached');
        }
      }),
    );
  });
});

it('the error of off outranks none: that of an entry before it is printed', () => {
  const printed = (list: string, views: Record<string, EntryView>) => reportedStep(walk(list, views));
  expect(printed('https://a.test|off', { 'https://a.test': view('down', 'http-server-error') })).toBe(0);
  expect(printed('https://a.test,off', { 'https://a.test': view('down', 'module-not-found') })).toBe(1);
});
