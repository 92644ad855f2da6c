/**
 * Writes docs/troubleshooting.md and docs/troubleshooting.zh-CN.md: what to do about the texts that the app shows, which are taken
 * from shared/messages. `npm run docs:troubleshooting`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../shared/domain/snapshot.ts';
import { SECTIONS } from './troubleshooting-entries.ts';

const root = join(import.meta.dirname, '..');

/** Where the pages are kept. */
export const TROUBLESHOOTING: Readonly<Record<Language, string>> = {
  en: join(root, 'docs', 'troubleshooting.md'),
  'zh-CN': join(root, 'docs', 'troubleshooting.zh-CN.md'),
};

const HEADS: Readonly<Record<Language, string>> = {
  en: `# Troubleshooting

What Gopherbar says, word for word, and what to do about it; ‹…› stands for what differs from case to case. For the errors of \`go\`
itself paste them into *Doctor*, or run \`gopherbar explain\`: every cause has [a page of its own](causes/README.md).
`,
  'zh-CN': `# 疑难解答

Gopherbar 显示的原文，以及该怎么办；‹…› 代表因情况而异的内容。\`go\` 本身的报错请粘贴到“诊断”页，或运行 \`gopherbar explain\`：每种原因都有[单独的
一页](causes/README.md)。
`,
};

/** The page of a language. Throws for a text that the app does not have. */
export function troubleshootingPage(language: Language): string {
  const messages: unknown = JSON.parse(readFileSync(join(root, 'shared', 'messages', `${language}.json`), 'utf8'));
  const sections = SECTIONS.map(({ title, entries }) => {
    const parts = entries.map(
      (entry) => `${entry.texts.map((key) => quote(messages, key)).join('\n>\n')}\n\n${entry[language]}\n`,
    );
    return `## ${title[language]}\n\n${parts.join('\n')}`;
  });
  return [HEADS[language], ...sections].join('\n');
}

/** A message as a quotation, its placeholders by their names. */
function quote(messages: unknown, key: string): string {
  const text = key.split('.').reduce<unknown>((value, name) => Reflect.get(new Object(value), name), messages);
  if (typeof text !== 'string') throw new Error(`no message ${key}`);
  return `> ${text.replace(/\{(\w+)\}/g, '‹$1›')}`;
}

if (process.argv[1] === import.meta.filename) {
  for (const language of ['en', 'zh-CN'] as const)
    writeFileSync(TROUBLESHOOTING[language], troubleshootingPage(language));
}
