import fc from 'fast-check';
import { compare } from 'semver';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { affects, isFixed, isFixOf, type OsvEntry, osvSchema, osvVersion } from './osv.ts';
import { scoreOf, scoreOfVector } from './severity.ts';

const MODULE = 'example.com/widget';

function entry(events: object[], more: object = {}): OsvEntry {
  const affected = [{ package: { name: MODULE, ecosystem: 'Go' }, ranges: [{ type: 'SEMVER', events }] }];
  return v.parse(osvSchema, { id: 'GO-2030-0001', affected, ...more });
}

describe('the versions an entry affects', () => {
  const twoBranches = entry([{ introduced: '0' }, { fixed: '1.2.5' }, { introduced: '1.3.0' }, { fixed: '1.3.2' }]);

  it.each([
    ['v1.0.0', 'v1.2.5'],
    ['v1.2.4', 'v1.2.5'],
    ['v1.2.5', null],
    ['v1.2.9', null],
    ['v1.3.0', 'v1.3.2'],
    ['v1.3.2', null],
    ['v0.0.0-20200101000000-abcdefabcdef', 'v1.2.5'],
    ['v1.3.1+incompatible', 'v1.3.2'],
    ['v1.3.0-rc.1', null],
  ])('%s is fixed in %s', (version, fixed) => {
    expect(affects(twoBranches, MODULE, version)).toEqual(fixed === null ? null : { fixed });
  });

  it('names the versions that fix it', () => {
    const fixes = ['v1.2.4', 'v1.2.5', 'v1.2.6', 'v1.3.0', 'v1.3.2'].filter((one) => isFixOf(twoBranches, MODULE, one));
    expect(fixes).toEqual(['v1.2.5', 'v1.3.2']);
    expect(isFixOf(twoBranches, 'example.com/other', 'v1.2.5')).toBe(false);
    expect(isFixOf(entry([{ fixed: '1.2.5' }], { withdrawn: '2030-01-01T00:00:00Z' }), MODULE, 'v1.2.5')).toBe(false);
  });

  it('leaves out other modules, ecosystems, withdrawn entries and what is no version', () => {
    expect(affects(twoBranches, 'example.com/other', 'v1.0.0')).toBeNull();
    expect(affects(twoBranches, MODULE, 'main')).toBeNull();
    expect(affects(entry([{ introduced: '0' }], { withdrawn: '2030-01-01T00:00:00Z' }), MODULE, 'v1.0.0')).toBeNull();
    const npm = v.parse(osvSchema, { id: 'A', affected: [{ package: { name: MODULE, ecosystem: 'npm' } }] });
    expect(affects(npm, MODULE, 'v1.0.0')).toBeNull();
  });

  it('affects every version without a range, up to last_affected, or those listed', () => {
    const bare = v.parse(osvSchema, { id: 'A', affected: [{ package: { name: MODULE, ecosystem: 'Go' } }] });
    expect(affects(bare, MODULE, 'v9.0.0')).toEqual({ fixed: null });
    const last = entry([{ introduced: '1.0.0' }, { last_affected: '1.5.0' }]);
    expect(affects(last, MODULE, 'v1.5.0')).toEqual({ fixed: null });
    expect(affects(last, MODULE, 'v1.5.1')).toBeNull();
    const listed = v.parse(osvSchema, {
      id: 'A',
      affected: [{ package: { name: MODULE, ecosystem: 'Go' }, versions: ['1.4.0', 'v1.4.1'] }],
    });
    expect(affects(listed, MODULE, 'v1.4.1')).toEqual({ fixed: null });
    expect(affects(listed, MODULE, 'v1.4.2')).toBeNull();
  });

  it('reads the versions of Go itself', () => {
    expect(osvVersion('stdlib', '1.22rc1')).toBe('1.22.0-rc.1');
    expect(osvVersion('stdlib', 'go1.21')).toBe('1.21.0');
    expect(osvVersion('toolchain', '1.26.1-custom')).toBe('1.26.1');
    const affected = [
      {
        package: { name: 'stdlib', ecosystem: 'Go' },
        ranges: [
          {
            type: 'SEMVER',
            events: [{ introduced: '0' }, { fixed: '1.21.8' }, { introduced: '1.22.0-0' }, { fixed: '1.22.1' }],
          },
        ],
      },
    ];
    const go = v.parse(osvSchema, { id: 'GO-1', affected });
    expect(affects(go, 'stdlib', '1.22rc1')).toEqual({ fixed: '1.22.1' });
    expect(affects(go, 'stdlib', '1.21.8')).toBeNull();
    expect(affects(go, 'stdlib', '1.20')).toEqual({ fixed: '1.21.8' });
  });

  it('agrees with a plain reading of any list of alternating events', () => {
    const number = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(fc.uniqueArray(number, { minLength: 1, maxLength: 8 }), number, (points, own) => {
        const sorted = points.toSorted((a, b) => a - b);
        const events = sorted.map((minor, i) =>
          i % 2 === 0 ? { introduced: `1.${minor}.0` } : { fixed: `1.${minor}.0` },
        );
        const inside = sorted.filter((minor) => minor <= own).length % 2 === 1;
        expect(affects(entry(events.toReversed()), MODULE, `v1.${own}.0`) !== null).toBe(inside);
        const fixed = affects(entry(events), MODULE, `v1.${own}.0`)?.fixed ?? null;
        if (fixed !== null) expect(compare(fixed, `1.${own}.0`)).toBe(1);
      }),
    );
  });

  it('knows from the index which versions are past their last fix', () => {
    expect(isFixed(MODULE, 'v1.3.0', '1.2.5')).toBe(true);
    expect(isFixed(MODULE, 'v1.2.4', '1.2.5')).toBe(false);
    expect(isFixed(MODULE, 'v1.2.4', undefined)).toBe(false);
    expect(isFixed(MODULE, 'main', '1.0.0')).toBe(false);
  });
});

describe('severity', () => {
  it.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', 7.5],
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
    ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
    ['CVSS:3.1/AV:N', null],
    ['CVSS:3.1/AV:bogus', null],
    ['7.5', null],
    ['', null],
  ])('%s scores %s', (vector, score) => expect(scoreOfVector(vector)).toBe(score));

  it('takes the newest vector that can be read, of the module first', () => {
    const severity = [
      { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
      { type: 'CVSS_V4', score: 'broken' },
    ];
    expect(scoreOf(entry([], { severity }), MODULE)).toBe(7.5);
    expect(scoreOf(entry([]), MODULE)).toBeNull();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const score = scoreOfVector(text);
        expect(score === null || (score >= 0 && score <= 10)).toBe(true);
      }),
    );
  });
});
