/**
 * Text of servers, logs and projects as Markdown for GitHub, GitLab and Gitea: it can become neither markup, nor an
 * image
 * that a reader's browser loads, nor a mention. Source: CommonMark 0.31 §2.4 (backslash escapes) and §6.1 (code spans).
 */

/** A line of prose: every character with a meaning in Markdown or HTML is escaped. */
export function markdownText(text: string): string {
  return (
    text
      .replace(/[\r\n]+/g, ' ')
      .replace(/[\\`*_[\]<>|~]/g, '\\$&')
      .replace(/!(?=\\\[)/g, '\\!')
      .replace(/^(\s*)([#+-])(?=\s|$)/, '$1\\$2')
      // A backslash before a digit would be shown.
      .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
      .replace(/&(?=#?\w{1,32};)/g, '&amp;')
      .replace(/(?<![\w`])([@#])(?=\w)/g, '$1<!-- -->')
  );
}

/** Text as it is, in the font of code; backticks within make the fence longer. */
export function markdownCode(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 || line.trim() === '' ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** Lines as a block of shell commands; a line of backticks cannot end it. */
export function markdownBlock(lines: readonly string[]): readonly string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}sh`, ...lines.map((line) => line.replace(/[\r\n]+/g, ' ')), fence];
}
