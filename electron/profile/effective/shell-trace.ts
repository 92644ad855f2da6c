/**
 * Where a shell set a variable, read from the trace of its start (`-x` with file and line in PS4: zsh's %x
 * and %I, zshmisc(1); bash's BASH_SOURCE and LINENO, bash(1)). Pure.
 */
import type { Place } from '../../../shared/domain/effective.ts';

/** What PS4 is set to, by shell. */
export const TRACE_PROMPTS = { zsh: '+%x:%I> ', bash: `+\${BASH_SOURCE}:\${LINENO}> ` } as const;

const LINE = /^\++(\/.*?):(\d+)> (.*)$/;

/** The last assignment of each name in a trace. */
export function tracedPlaces(trace: string, names: readonly string[]): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  let evaluated: { readonly place: Place; readonly text: string } | null = null;
  for (const line of trace.split('\n')) {
    const match = LINE.exec(line);
    if (match === null) continue;
    const [, file = '', number = '', text = ''] = match;
    const place = { file, line: Number(number) };
    // Within eval, lines count from the eval itself: that is the line the user has to find.
    if (/^eval\s/.test(text)) evaluated = { place, text };
    for (const name of names) {
      if (!assigns(text, name) || /^eval\s/.test(text)) continue;
      const isOfEval = evaluated?.place.file === file && evaluated.text.includes(`${name}=`);
      found.set(name, isOfEval && evaluated !== null ? evaluated.place : place);
    }
  }
  return found;
}

function assigns(text: string, name: string): boolean {
  return text.includes(name) && new RegExp(`(?:^|[\\s'"])${name}=`).test(text);
}
