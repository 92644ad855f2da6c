/** Texts of a diagnosis. */
import type { CheckNote, Consultation, Finding, Fix } from '../domain/doctor.ts';
import type { LintRule } from '../domain/lint.ts';
import type { Language } from '../domain/snapshot.ts';
import { formatInstant } from './format.ts';
import { causeShort, type Translate, withCauseText } from './messages.ts';

/** One line of a check. */
export function noteText(t: Translate, { key, params }: CheckNote): string {
  if (key === 'lint') {
    const rule = params.rule as LintRule;
    return t('doctor.note-lint', { subject: params.subject ?? '', text: t(`lint.${rule}`, params) });
  }
  if (key === 'policy-suspects') {
    const names = String(params.suspects ?? '').split(' ');
    return t('doctor.note-policy-suspects', {
      errno: params.errno ?? '',
      suspects: names
        .map((name) => t(`policy.suspect-${name}` as 'policy.suspect-pf'))
        .join(t('doctor.list-separator')),
    });
  }
  if (key === 'status-incident')
    return t('doctor.note-status-incident', { ...params, since: formatInstant(Number(params.since)) });
  return t(`doctor.note-${key}`, withCauseText(t, params));
}

/** The verdict in one sentence, with the cause when it says more. */
export function findingText(t: Translate, { name, severity, host, cause }: Finding): string {
  if (name === 'misconfigured' && severity === 'degraded') return t('doctor.verdict-unsafe-settings');
  const said = t(`doctor.verdict-${name}`, { host: host ?? '' });
  const why = cause === null ? '' : ` — ${causeShort(t, cause)}`;
  return severity === 'degraded' ? `${said}${why} (${t('doctor.degraded')})` : `${said}${why}`;
}

/** The subject of the diagnosis. */
export function targetText(t: Translate, { target }: Consultation): string {
  return target === '' ? t('doctor.in-force') : target;
}

/** A fix, in one sentence. */
export function fixText(t: Translate, language: Language, { key, params }: Fix): string {
  const name = language === 'zh-CN' ? params.zh : params.en;
  return t(`doctor.fix-${key}`, name === undefined ? params : { ...params, name });
}
