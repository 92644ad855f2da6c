/** The form of an endpoint: texts as typed, which of them cannot be right, and the entry they make. Pure. */
import { type EndpointEntry, endpointFaults } from '../../../shared/contract/settings-schema.ts';
import {
  CRITICALITIES,
  type Criticality,
  type EndpointKind,
  parseModuleVersion,
} from '../../../shared/domain/endpoint.ts';

export const LIMIT_PHASES = ['dialMs', 'tlsMs', 'headerMs', 'totalMs'] as const;
export const LIMIT_SIDES = ['soft', 'hard'] as const;
type LimitKey = `${(typeof LIMIT_SIDES)[number]}.${(typeof LIMIT_PHASES)[number]}`;

export interface EndpointDraft {
  readonly kind: EndpointKind;
  readonly url: string;
  readonly name: string;
  /** `path@version`; goproxy and sumdb. */
  readonly module: string;
  /** sumdb: the verifier key. */
  readonly key: string;
  /** dns and forward-proxy. */
  readonly target: string;
  readonly criticality: Criticality;
  readonly quietHours: string;
  readonly limits: Readonly<Record<LimitKey, string>>;
}

export type DraftField = Exclude<keyof EndpointDraft, 'kind' | 'criticality'>;

/** Which of the optional fields each kind has. */
export const FIELDS_OF_KIND: Readonly<Record<EndpointKind, readonly ('module' | 'key' | 'target')[]>> = {
  goproxy: ['module'],
  sumdb: ['module', 'key'],
  vcs: [],
  dns: ['target'],
  'forward-proxy': ['target'],
  module: [],
};

/** An example of the address of each kind. */
export const URL_EXAMPLES: Readonly<Record<EndpointKind, string>> = {
  goproxy: 'https://goproxy.cn',
  sumdb: 'https://sum.golang.org',
  vcs: 'https://golang.org/x/text',
  dns: 'udp://223.5.5.5',
  'forward-proxy': 'http://127.0.0.1:7890',
  module: 'module://golang.org/x/text@v0.3.0',
};

/** The form for an entry; null = a new one. */
export function draftOf(entry: EndpointEntry | null): EndpointDraft {
  const { kind = 'goproxy', url = '', name = '', module, key = '', target = '', quietHours = '', limits } = entry ?? {};
  const limitTexts = LIMIT_SIDES.flatMap((side) =>
    LIMIT_PHASES.map((phase) => [`${side}.${phase}`, String(limits?.[side]?.[phase] ?? '')] as const),
  );
  return {
    kind,
    url,
    name,
    module: module === undefined ? '' : `${module.path}@${module.version}`,
    key,
    target,
    criticality: entry?.criticality ?? 'normal',
    quietHours,
    limits: Object.fromEntries(limitTexts) as EndpointDraft['limits'],
  };
}

/** The entry of a form; fields of the entry that the form does not know stay. What is empty is left out. */
export function entryOf(draft: EndpointDraft, base: EndpointEntry | null): EndpointEntry {
  const { kind, url: _, name, module, key, target, criticality, quietHours, limits, ...kept } = base ?? { url: '' };
  const has = (field: 'module' | 'key' | 'target') => FIELDS_OF_KIND[draft.kind].includes(field);
  const pair = has('module') ? parseModuleVersion(draft.module.trim()) : null;
  const own = ownLimits(draft.limits);
  return {
    ...kept,
    url: draft.url.trim(),
    ...(draft.kind === 'goproxy' && kind === undefined ? {} : { kind: draft.kind }),
    ...given('name', draft.name),
    ...(pair === null ? {} : { module: { ...module, ...pair } }),
    ...(has('key') ? given('key', draft.key) : {}),
    ...(has('target') ? given('target', draft.target) : {}),
    ...(draft.criticality === 'normal' ? {} : { criticality: draft.criticality }),
    ...given('quietHours', draft.quietHours),
    ...(own === null ? {} : { limits: own }),
  };
}

/** The fields that cannot be saved as they are. */
export function faultsOf(draft: EndpointDraft, base: EndpointEntry | null): readonly DraftField[] {
  const faults = new Set<DraftField>();
  const module = draft.module.trim();
  if (FIELDS_OF_KIND[draft.kind].includes('module') && module !== '' && parseModuleVersion(module) === null) {
    faults.add('module');
  }
  for (const field of endpointFaults(entryOf(draft, base))) faults.add(field as DraftField);
  return [...faults];
}

/** Whether a text names a criticality. */
export function criticalityOf(text: string): Criticality {
  return CRITICALITIES.find((one) => one === text) ?? 'normal';
}

function given(key: 'name' | 'key' | 'target' | 'quietHours', text: string): Partial<EndpointEntry> {
  const value = text.trim();
  return value === '' ? {} : { [key]: value };
}

/** null = none is set. What is no number stays NaN, which the schema refuses. */
function ownLimits(texts: EndpointDraft['limits']): NonNullable<EndpointEntry['limits']> | null {
  const sides = LIMIT_SIDES.map((side) => {
    const set = LIMIT_PHASES.filter((phase) => texts[`${side}.${phase}`].trim() !== '');
    return [side, Object.fromEntries(set.map((phase) => [phase, Number(texts[`${side}.${phase}`])]))] as const;
  }).filter(([, phases]) => Object.keys(phases).length > 0);
  return sides.length === 0 ? null : Object.fromEntries(sides);
}
