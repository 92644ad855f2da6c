/** JUnit XML as Jenkins and GitLab read it (testsuites, testsuite, testcase, failure, skipped). Pure. */

export interface JunitCase {
  readonly name: string;
  readonly group: string;
  /** Seconds. */
  readonly seconds: number;
  readonly failure: { readonly type: string; readonly message: string; readonly text: string } | null;
  /** Why it does not count; null = it counts. */
  readonly skipped: string | null;
}

/** One suite with all cases. */
export function junitXml(name: string, cases: readonly JunitCase[]): string {
  const failures = cases.filter(({ failure }) => failure !== null).length;
  const skipped = cases.filter((one) => one.skipped !== null).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(name)}" ${counts} time="${seconds}">`,
    `  <testsuite name="${escaped(name)}" ${counts} skipped="${skipped}" time="${seconds}">`,
    ...cases.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseXml({ name, group, seconds, failure, skipped }: JunitCase): string {
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(group)}" time="${seconds.toFixed(3)}"`;
  if (failure !== null) {
    const { type, message, text } = failure;
    return `${head}>\n      <failure type="${escaped(type)}" message="${escaped(message)}">${escaped(text)}</failure>\n    </testcase>`;
  }
  return skipped === null ? `${head}/>` : `${head}>\n      <skipped message="${escaped(skipped)}"/>\n    </testcase>`;
}

/** Characters that XML 1.0 forbids are replaced: one of them makes the whole report unreadable. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
