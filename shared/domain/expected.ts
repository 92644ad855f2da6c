/** What a setting may be: the parameters of a problem that `problemText` turns into words. Each has a text `expected.…`. */
export const EXPECTED = [
  'text',
  'number',
  'whole-number',
  'at-least',
  'at-most',
  'switch',
  'list',
  'object',
  'one-of',
  'shorter',
  'fewer',
  'present',
  'id',
  'git-setting',
  'network-id',
  'resolver',
  'doctor-resolver',
  'proxy-url',
  'url-of-kind',
  'collector-url',
  'update-url',
  'module-path',
  'module-pattern',
  'one-line',
  'goauth',
  'json',
  'not-empty',
  'left-out',
  'quiet-hours',
  'shortcut',
  'other',
] as const;
export type Expected = (typeof EXPECTED)[number];

/** Whether a text names one. */
export function isExpected(text: unknown): text is Expected {
  return EXPECTED.some((one) => one === text);
}
