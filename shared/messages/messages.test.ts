import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { CAUSES, isCause } from '../domain/cause.ts';
import en from './en.json' with { type: 'json' };
import {
  causeMeaning,
  causeShort,
  chooseLanguage,
  experimentText,
  isMessageKey,
  problemText,
  translator,
} from './messages.ts';
import { causeRemedy } from './remedies.ts';
import zh from './zh-CN.json' with { type: 'json' };

type Tree = { readonly [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );
}

/** Names of the parameters in a message. */
function parameters(message: string): string[] {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null) {
      const { type, value: name } = value as { type?: number; value?: unknown };
      if (typeof type === 'number' && type > 0 && type < 7 && typeof name === 'string') names.add(name);
      Object.values(value).forEach(walk);
    }
  };
  walk(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

const english = new Map(flatten(en));
const chinese = new Map(flatten(zh));

describe('the texts', () => {
  it('exist in both languages under the same keys', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('are valid messages with the same parameters in both languages', () => {
    for (const [key, text] of english)
      expect([key, parameters(chinese.get(key) ?? '')]).toEqual([key, parameters(text)]);
  });

  it('are translated, unless listed as equal', () => {
    const same = [...english].filter(([key, text]) => chinese.get(key) === text && /[a-z]{4,} [a-z]{3,}/i.test(text));
    expect(same).toEqual([]);
  });
});

describe('the translator', () => {
  it('formats every message as ICU does, with texts and with numbers of any size', () => {
    for (const [language, texts] of [
      ['en', english],
      ['zh-CN', chinese],
    ] as const) {
      const t = translator(language);
      for (const [key, pattern] of texts) {
        if (!isMessageKey(key)) continue;
        const names = parameters(pattern);
        for (const value of ['goproxy.cn', '', '$&', '{x}', 0, 1, 999, 1_000, 12_345.678]) {
          const params = Object.fromEntries(names.map((name) => [name, value]));
          const icu = new IntlMessageFormat(pattern, language, undefined, { ignoreTag: true });
          let expected: string;
          try {
            expected = String(icu.format(params));
          } catch {
            // A plural or choice that this value does not fit.
            continue;
          }
          expect(t(key, params), `${language} ${key}`).toBe(expected);
        }
      }
    }
  });

  it('never throws: a message without its parameter is shown as its pattern, and reported', () => {
    const reported: string[] = [];
    const t = translator('en', (key) => reported.push(key));
    expect(t('verdict.down', { name: 'goproxy.cn' })).toBe('goproxy.cn: {cause}');
    expect(reported).toEqual(['verdict.down']);
    expect(t('verdict.down', { name: 'goproxy.cn', cause: 'reset' })).toBe('goproxy.cn: reset');
    expect(translator('zh-CN')('verdict.down')).toContain('{name}');
  });

  it('leaves the texts of problems to problemText', () => {
    expect(isMessageKey('verdict.down')).toBe(true);
    expect(isMessageKey('problem.internal')).toBe(false);
    expect(problemText(translator('en'), { key: 'internal' })).toBe(en.problem.internal);
    expect(problemText(translator('en'), { key: 'never-heard', params: { a: 1 } })).toBe('never-heard {"a":1}');
  });
});

describe('causes', () => {
  it.each(['en', 'zh-CN'] as const)('each have a short name, a meaning and a remedy in %s', (language) => {
    const t = translator(language);
    for (const cause of Object.keys(CAUSES).filter(isCause)) {
      const texts = [causeShort(t, cause), causeMeaning(t, cause), causeRemedy(t, cause)];
      expect(texts.every((text) => text !== '' && !text.startsWith('cause.'))).toBe(true);
      expect(causeShort(t, cause).length).toBeLessThanOrEqual(language === 'en' ? 30 : 16);
    }
  });

  it('never advise to weaken security', () => {
    const all = [...english, ...chinese].map(([, text]) => text).join('\n');
    expect(all).not.toMatch(/GOSUMDB=off|GONOSUMDB=\*|GOINSECURE=|chmod 777|GOFLAGS=-insecure/);
  });
});

describe('choosing a language', () => {
  it.each([
    ['system', ['zh-Hans-CN', 'en'], 'zh-CN'],
    ['system', ['fr-FR', 'en-GB'], 'en'],
    ['system', ['de'], 'en'],
    ['zh-CN', ['en'], 'zh-CN'],
  ] as const)('of %s with %j is %s', (preference, system, chosen) => {
    expect(chooseLanguage(preference, system)).toBe(chosen);
  });
});

describe('experiments', () => {
  const small = { variable: 'small-hello', tries: 3, unchanged: 0, changed: 3 } as const;
  it('say the size of the handshake where it is known', () => {
    const sized = { ...small, helloBytes: { unchanged: 1_602, changed: 372 } };
    expect(experimentText(translator('en'), sized)).toBe(
      'with a small ClientHello (no ML-KEM): 0/3 → 3/3 (ClientHello: 1,602 → 372 bytes)',
    );
    expect(experimentText(translator('zh-CN'), sized)).toMatch(/（ClientHello：1,602 → 372 字节）$/);
    expect(experimentText(translator('en'), small)).toBe('with a small ClientHello (no ML-KEM): 0/3 → 3/3');
  });
});

describe('problems', () => {
  it('are shown with their parameters even when no catalogue knows them', () => {
    expect(problemText(translator('en'), { key: 'not-there', params: { file: 'x' } })).toContain('"file":"x"');
    expect(problemText(translator('zh-CN'), { key: 'no-such-profile', params: { profile: 'p' } })).toBe(
      '没有名为 p 的配置。',
    );
  });
});
