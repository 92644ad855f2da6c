/** Contrast of every pair of tokens that stand on one another (WCAG 2.2: 1.4.3 text, 1.4.11 graphics), in each theme. */
import { describe, expect, it } from 'vitest';
import css from './tokens.css?raw';

type Rgba = readonly [red: number, green: number, blue: number, alpha: number];
type Tokens = ReadonlyMap<string, string>;

/** The custom properties of the blocks with exactly this selector: outside and inside of `prefers-contrast: more`. */
function tokensOf(selector: string, more: boolean): [string, string][] {
  const [usual = '', increased = ''] = css.split('@media (prefers-contrast: more)');
  const part = more ? (increased.split('@media')[0] ?? '') : usual;
  const blocks = [...part.matchAll(/^ *(:root[^\s{]*) \{([^}]*)\}/gm)].filter(([, name]) => name === selector);
  return blocks.flatMap(([, , body = '']) =>
    [...body.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name = '', value = '']): [string, string] => [name, value]),
  );
}

const DARK = ':root[data-theme="dark"]';
const light = tokensOf(':root', false);
const THEMES: Readonly<Record<string, Tokens>> = {
  light: new Map(light),
  dark: new Map([...light, ...tokensOf(DARK, false)]),
  'light, increased contrast': new Map([...light, ...tokensOf(':root', true)]),
  'dark, increased contrast': new Map([
    ...light,
    ...tokensOf(DARK, false),
    ...tokensOf(':root', true).filter(([name]) => !tokensOf(DARK, true).some(([other]) => other === name)),
    ...tokensOf(DARK, true),
  ]),
};

function colour(tokens: Tokens, name: string): Rgba {
  const value = tokens.get(name) ?? '';
  const hex = /^#([0-9a-f]{6})$/.exec(value)?.[1];
  if (hex !== undefined) {
    const at = (i: number) => Number.parseInt(hex.slice(i, i + 2), 16);
    return [at(0), at(2), at(4), 1];
  }
  const [, r, g, b, a] = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(value) ?? [];
  if (a === undefined) throw new Error(`${name}: ${value || 'missing'} is no colour this test reads`);
  return [Number(r), Number(g), Number(b), Number(a)];
}

/** `top` over an opaque `below` (Porter-Duff source-over). */
function over(top: Rgba, below: Rgba): Rgba {
  const mix = (i: 0 | 1 | 2) => top[i] * top[3] + below[i] * (1 - top[3]);
  return [mix(0), mix(1), mix(2), 1];
}

/** Relative luminance, WCAG 2.2. */
function luminance([r, g, b]: Rgba): number {
  const linear = (one: number) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function contrast(a: Rgba, b: Rgba): number {
  const [bright = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (bright + 0.05) / (dark + 0.05);
}

const SURFACES = ['--bg', '--sidebar', '--card', '--raised'];

/** What stands on what, and by how much it must differ. */
const PAIRS: readonly { readonly on: readonly string[]; readonly ink: readonly string[]; readonly least: number }[] = [
  { on: SURFACES, ink: ['--ink', '--ink-2', '--ink-3', '--accent', '--good', '--warn', '--bad'], least: 4.5 },
  { on: ['--good-bg'], ink: ['--ink', '--ink-2', '--good'], least: 4.5 },
  { on: ['--alert'], ink: ['--ink', '--ink-2', '--bad'], least: 4.5 },
  { on: ['--warn-bg'], ink: ['--ink', '--ink-2', '--warn'], least: 4.5 },
  { on: ['--practice-bg'], ink: ['--ink', '--ink-2', '--accent'], least: 4.5 },
  { on: ['--accent'], ink: ['--on-accent'], least: 4.5 },
  { on: ['--segment'], ink: ['--ink'], least: 4.5 },
  {
    on: ['--card', '--bg'],
    ink: ['--good-fill', '--warn-fill', '--bad-fill', '--p50', '--p95', '--focus', '--switch-off'],
    least: 3,
  },
  {
    on: ['--card', '--bg'],
    ink: ['dns', 'connect', 'tls', 'request', 'response', 'body', 'verify'].map((phase) => `--phase-${phase}`),
    least: 3,
  },
];

describe.each(Object.entries(THEMES))('%s', (_theme, tokens) => {
  it.each(PAIRS.flatMap(({ on, ink, least }) => on.map((surface) => [surface, ink, least] as const)))(
    'on %s',
    (surface, inks, least) => {
      const below = colour(tokens, surface);
      const weak = inks
        .map((ink) => `${ink} ${contrast(over(colour(tokens, ink), below), below).toFixed(2)}`)
        .filter((line) => Number(line.split(' ')[1]) < least);
      expect(weak).toEqual([]);
    },
  );

  it.each(['--chip', '--hover', '--press'])('text on %s over every surface', (tint) => {
    for (const surface of SURFACES) {
      const below = over(colour(tokens, tint), colour(tokens, surface));
      for (const ink of ['--ink', '--ink-2']) {
        expect(contrast(colour(tokens, ink), below), `${ink} on ${tint} over ${surface}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
