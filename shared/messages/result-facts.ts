/** The facts of a finished probe besides its phases, as table rows: the same in the popover and the terminal. */
import type { FailedResult, OkResult } from '../domain/result.ts';
import { formatDay } from './format.ts';
import { experimentText, type Translate } from './messages.ts';

/** A row; an empty label continues the row above. */
export type ResultFact = readonly [label: string, value: string];

/** Peer, protocol, certificate and observations, in display order. */
export function resultFacts(result: OkResult | FailedResult, t: Translate): readonly ResultFact[] {
  return [...connectionFacts(result, t), ...evidenceFacts(result, t)];
}

function connectionFacts({ remote, protocol, tls }: OkResult | FailedResult, t: Translate): readonly ResultFact[] {
  const facts: ResultFact[] = [];
  if (remote !== undefined) facts.push([t('fact.address'), `${remote.address} · ${remote.port}`]);
  const spoken = [protocol, tls?.version, tls?.cipher].filter((one) => one !== undefined);
  if (spoken.length > 0) facts.push([t('fact.protocol'), spoken.join(' · ')]);
  if (tls !== undefined) {
    const { subject, issuer, trust } = tls;
    facts.push([t('fact.certificate'), t('fact.certificate-of', { subject, issuer, until: formatDay(tls.validTo) })]);
    if (trust !== 'bundled') facts.push(['', t(`fact.trust-${trust}`, { issuer })]);
  }
  return facts;
}

function evidenceFacts({ evidence }: OkResult | FailedResult, t: Translate): readonly ResultFact[] {
  const { redirects = [], bodyStart = '', repository, answers = [], notes = [], experiments = [] } = evidence;
  return [
    ...(redirects.length === 0 ? [] : [[t('fact.redirects'), redirects.join(' → ')] as const]),
    ...(bodyStart === '' ? [] : [[t('fact.body'), bodyStart] as const]),
    ...(repository === undefined ? [] : [[t('fact.repository'), repository] as const]),
    ...answers.map((answer) => [t('fact.answers'), answer] as const),
    ...notes.map((note) => [t('fact.notes'), t(`note.${note}`)] as const),
    ...experiments.map((one) => [t('fact.experiments'), experimentText(t, one)] as const),
  ];
}
