/** Why a file that a person named was not read, as a line for the terminal. */
import { problemText, type Translate } from '../../shared/messages/messages.ts';
import type { UnreadFile } from '../system/read-file.ts';

/** Of a file that is missing, special, too large or unreadable, or no text where text is wanted. */
export function unreadText(file: string, unread: UnreadFile | { readonly why: 'binary' }, t: Translate): string {
  switch (unread.why) {
    case 'not-a-file':
      return problemText(t, { key: 'file-special', params: { file } });
    case 'binary':
      return problemText(t, { key: 'file-no-text', params: { file } });
    case 'too-large':
      return problemText(t, {
        key: 'project-file-large',
        params: { file, megabytes: Math.ceil(unread.maxBytes / 1e6) },
      });
    default:
      return t('cli.explain-unreadable', { file, detail: unread.detail });
  }
}
