/** The marked block in a start file of a shell: added and removed so that every other byte stays as it is. */

/** What the file was before, where that cannot be seen any more: written into the first line of the block. */
const NOTES = { created: ' (new file)', joined: ' (no newline before)' } as const;

const BLOCK =
  /^# >>> gopherbar shell( \(new file\)| \(no newline before\))? >>>\n(?:(?!# >>> gopherbar shell)[^\n]*\n)*?# <<< gopherbar shell <<<\n/m;
const MARK = /^# (?:>>>|<<<) gopherbar shell\b/m;

/** The new text of a file; `absent` = it need not exist any more; `damaged` = half a block, left alone. */
export type Edit = { readonly text: string } | { readonly absent: true } | { readonly damaged: true };

/** With the block, at the end or where it already is. `before` is null for a file that does not exist; one letter = one byte. */
export function withBlock(before: string | null, script: string): Edit {
  const block = (note: string) =>
    `# >>> gopherbar shell${note} >>>\n# Written by "gopherbar shell install"; "gopherbar shell uninit" removes it.\n${script}# <<< gopherbar shell <<<\n`;
  if (before === null) return { text: block(NOTES.created) };
  const found = BLOCK.exec(before);
  const others = found === null ? before : without(before, found);
  if (MARK.test(others)) return { damaged: true };
  if (found !== null) {
    const end = found.index + found[0].length;
    return { text: before.slice(0, found.index) + block(found[1] ?? '') + before.slice(end) };
  }
  const isJoined = before !== '' && !before.endsWith('\n');
  return { text: isJoined ? `${before}\n${block(NOTES.joined)}` : before + block('') };
}

/** Without the block: the bytes from before it was added, with what was written around it since. */
export function withoutBlock(before: string): Edit {
  const found = BLOCK.exec(before);
  const text = found === null ? before : without(before, found);
  if (MARK.test(text)) return { damaged: true };
  return text === '' && found?.[1] === NOTES.created ? { absent: true } : { text };
}

function without(text: string, found: RegExpExecArray): string {
  const after = text.slice(found.index + found[0].length);
  // What was appended since must not continue the line that had no end.
  const isJoined = found[1] === NOTES.joined && after === '';
  return text.slice(0, found.index - (isJoined ? 1 : 0)) + after;
}
