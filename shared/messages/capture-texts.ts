/** Texts of a capture. */
import type { Sentence } from '../domain/traffic.ts';
import { isMessageKey, type Translate } from './messages.ts';

/** A piece of evidence. */
export function evidenceText(t: Translate, { key, params }: Sentence): string {
  const named = Object.entries(params).map(([name, value]) => {
    const message = `capture.${name}.${value}`;
    return [name, (name === 'injector' || name === 'field') && isMessageKey(message) ? t(message) : value] as const;
  });
  return sectionText(t, 'capture.evidence', { key, params: Object.fromEntries(named) });
}

/** A sentence of a section of the messages; its key when a newer version made it. */
export function sectionText(t: Translate, section: string, { key, params }: Sentence): string {
  const message = `${section}.${key}`;
  return isMessageKey(message) ? t(message, params) : key;
}
