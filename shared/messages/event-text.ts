/** Events of the history as sentences for a person. */
import { LINT_FIX_SWITCH_ID, REVERT_SWITCH_ID } from '../domain/switch-plan.ts';
import { FACT_ARROW, type HistoryEvent, PUBLIC_ISSUER } from '../domain/timeline.ts';
import type { Translate } from './messages.ts';

/** One event in words. `profileName` resolves the id of a profile, also of one that is gone. */
export function eventText(t: Translate, event: HistoryEvent, profileName: (id: string) => string): string {
  const { kind, detail, endpointId: endpoint = 'several' } = event;
  switch (kind) {
    case 'switched':
    case 'undone':
    case 'failed-over':
    case 'failed-back':
      return t(`event.${kind}`, { target: switchTarget(detail), name: profileName(detail) });
    case 'network-changed':
      return t('event.network-changed', { network: detail === '' ? 'unknown' : 'named', name: detail });
    case 'go-changed':
      return t('event.go-changed', bothValues(detail));
    case 'go-settings-changed':
      return t('event.go-settings-changed', { names: detail });
    case 'addresses-changed': {
      const { from, to } = bothValues(detail);
      return t('event.addresses-changed', { endpoint, from: addressKinds(t, from), to: addressKinds(t, to) });
    }
    case 'issuer-changed': {
      const { from, to } = bothValues(detail);
      return t('event.issuer-changed', { endpoint, from: issuer(t, from), to: issuer(t, to) });
    }
    case 'mirror-stale':
      return t('event.mirror-stale', { endpoint, module: detail });
    case 'resolvers-changed':
    case 'system-proxy-changed':
    case 'local-proxy-changed':
    case 'tunnels-changed':
    case 'policies-changed': {
      const { from, to } = bothValues(detail);
      return t(`event.${kind}`, { from: from || t('event.no-value'), to: to || t('event.no-value') });
    }
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

function bothValues(detail: string): { readonly from: string; readonly to: string } {
  const [from = '', ...rest] = detail.split(FACT_ARROW);
  return { from, to: rest.join(FACT_ARROW) };
}

function addressKinds(t: Translate, kinds: string): string {
  return kinds
    .split(', ')
    .map((kind) => t('event.address-kind', { kind: kind === 'fake-ip' ? 'fake' : kind }))
    .join(t('event.address-separator'));
}

function issuer(t: Translate, name: string): string {
  return name === PUBLIC_ISSUER ? t('event.public-issuer') : name;
}
