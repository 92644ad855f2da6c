/** The nested dictionaries and arrays that scutil(8) prints (configd, SCD.c). */
import type { Line } from './lines.ts';

/** A dictionary, or an array whose keys are the positions. It has no prototype: keys are whatever stands there. */
export interface Tree {
  readonly [key: string]: string | Tree;
}

/**
 * Reads all dictionaries of an output into one. Braces nest; how far lines are indented differs. A pair before the first
 * brace counts if its key is one of `keys`; other lines go to `strange`, but for those that match `known`.
 */
export function readTree(lines: readonly Line[], strange: Line[], keys: RegExp, known: RegExp): Tree {
  const root = emptyTree();
  const open: Record<string, string | Tree>[] = [root];
  let begun = false;
  for (const line of lines) {
    const said = line.text.trim();
    const inner = /^(\S.*?) : <(?:dictionary|array)> \{$/.exec(said)?.[1];
    const pair = /^(\S.*?) : (.*)$/.exec(said);
    const current = open.at(-1) ?? root;
    if (/^(?:[A-Z][\w ]* )?<(?:dictionary|array)> \{$/.test(said)) begun = true;
    else if (inner !== undefined) {
      const node = emptyTree();
      current[inner] = node;
      open.push(node);
    } else if (said === '}') {
      if (open.length > 1) open.pop();
    } else if (pair !== null && (begun || open.length > 1 || keys.test(pair[1] ?? '')))
      current[pair[1] ?? ''] = pair[2] ?? '';
    else if (!known.test(said)) strange.push(line);
  }
  return root;
}

/** The strings of an array; a string by itself is one. */
export function itemsOf(node: string | Tree | undefined): readonly string[] {
  if (typeof node === 'string') return [node];
  return node === undefined ? [] : Object.values(node).filter((one) => typeof one === 'string');
}

function emptyTree(): Record<string, string | Tree> {
  return Object.create(null) as Record<string, string | Tree>;
}
