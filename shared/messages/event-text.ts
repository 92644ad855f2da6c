/** Events of the history as sentences for a person. */
import { LINT_FIX_SWITCH_ID, REVERT_SWITCH_ID } from '../domain/switch-plan.ts';
import type { HistoryEvent } from '../domain/timeline.ts';
import type { Translate } from './messages.ts';

/** One event in words. `profileName` resolves the id of a profile, also of one that is gone. */
export function eventText(t: Translate, { kind, detail }: HistoryEvent, profileName: (id: string) => string): string {
  switch (kind) {
    case 'switched':
    case 'undone':
    case 'failed-over':
    case 'failed-back':
      return t(`event.${kind}`, { target: switchTarget(detail), name: profileName(detail) });
    case 'network-changed':
      return t('event.network-changed', { network: detail === '' ? 'unknown' : 'named', name: detail });
    default:
      return t(`event.${kind}`);
  }
}

/** What a switch led to; `unknown` in the records of old versions. */
function switchTarget(id: string): 'unknown' | 'fix' | 'former' | 'profile' {
  if (id === '') return 'unknown';
  if (id === LINT_FIX_SWITCH_ID) return 'fix';
  return id === REVERT_SWITCH_ID ? 'former' : 'profile';
}
