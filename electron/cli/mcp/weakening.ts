/**
 * The last look at what an agent receives: it runs what it reads, so no answer may hold a command that switches
 * verification off, whatever its source. Pure.
 */

/** Assignments, options and settings that end the verification of what go or git download, for every module or host. */
const WEAKENS = [
  /\bGOSUMDB=["']?off\b/i,
  /\bGO(?:NOSUMDB|NOSUMCHECK|PRIVATE)=["']?(?:\*|1\b)/i,
  /\bGOINSECURE=["']?[^\s"']/i,
  /\bGOFLAGS=\S*-(?:insecure|modcacherw)\b/i,
  /\bgo\s+(?:get|install|mod)\b[^\n]*\s-insecure\b/i,
  /\bhttp\.(?:[^\s=]+\.)?sslverify[\s=]+["']?(?:false|0|off|no)\b/i,
  /\bGIT_SSL_NO_VERIFY=["']?(?:1|true)\b/i,
  /\bStrictHostKeyChecking[\s=]+no\b/i,
  /\bNODE_TLS_REJECT_UNAUTHORIZED=0\b/i,
];

/** Fields of the answers that are advice; what merely reports a setting in force stays. */
const ADVICE = new Set(['command', 'commands', 'remedy', 'fix', 'fixes', 'help', 'nextStep', 'advice']);

/** The value without advice that weakens verification, and how many pieces were left out. */
export function withoutWeakening(value: unknown): { readonly value: unknown; readonly removed: number } {
  const counted = { removed: 0 };
  return { value: cleaned(value, false, counted), removed: counted.removed };
}

function cleaned(value: unknown, isAdvice: boolean, counted: { removed: number }): unknown {
  if (typeof value === 'string') return isAdvice && weakens(value) ? drop(counted) : value;
  if (Array.isArray(value)) {
    return value.map((one) => cleaned(one, isAdvice, counted)).filter((one) => one !== undefined);
  }
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, one]) => {
    const kept = cleaned(one, isAdvice || ADVICE.has(key), counted);
    return [key, kept === undefined ? null : kept] as const;
  });
  // A fix as values: `{ variables: { GOSUMDB: 'off' } }`.
  if (isAdvice && entries.some(([key, one]) => typeof one === 'string' && weakens(`${key}=${one}`)))
    return drop(counted);
  return Object.fromEntries(entries);
}

function drop(counted: { removed: number }): undefined {
  counted.removed += 1;
  return undefined;
}

function weakens(text: string): boolean {
  return WEAKENS.some((one) => one.test(text));
}
