/** `sw_vers` and `codesign -dv`: which system, and who signed a program. */
import { linesOf, type Read, unreadLine } from './lines.ts';

/** Which macOS it is. */
export interface SystemVersion {
  readonly version: string | null;
  readonly build: string | null;
  /** `(a)` of a rapid security response. */
  readonly extra: string | null;
  /** 13, 14, 15, 26 … */
  readonly major: number | null;
}

/** Reads `sw_vers`; total. */
export function parseSystemVersion(text: string): Read<SystemVersion> {
  const { lines, unread } = linesOf(text);
  const fields = new Map<string, string>();
  const strange = [...unread];
  for (const line of lines) {
    const [, key, value = ''] = /^(\w+):\s*(.*?)\s*$/.exec(line.text.trim()) ?? [];
    if (key === undefined) strange.push(unreadLine(line));
    else fields.set(key, value);
  }
  const version = fields.get('ProductVersion') ?? null;
  const major = Number(version?.split('.')[0]);
  return {
    value: {
      version,
      build: fields.get('BuildVersion') ?? null,
      extra: fields.get('ProductVersionExtra') || null,
      major: version === null || Number.isNaN(major) ? null : major,
    },
    unread: strange,
  };
}

/** Who signed a program. */
export interface CodeSignature {
  readonly identifier: string | null;
  readonly teamId: string | null;
  readonly adhoc: boolean;
  readonly hardenedRuntime: boolean;
  readonly universal: boolean;
  /** The leaf first; [] without -dvv. */
  readonly authorities: readonly string[];
  /** Not signed at all. */
  readonly unsigned: boolean;
}

/** What codesign writes to standard error. */
export function parseCodeSignature(text: string): Read<CodeSignature> {
  const { lines, unread } = linesOf(text);
  const value = (key: string) =>
    lines
      .map((line) => line.text.trim())
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1);
  const directory = lines.map((line) => line.text).find((line) => line.includes('flags=')) ?? '';
  const flags = /flags=0x[0-9a-f]+\(([^)]*)\)/.exec(directory)?.[1]?.split(',') ?? [];
  const team = value('TeamIdentifier');
  const strange = lines.filter(
    ({ text: line }) =>
      !/^[\w. ]+(?:=| v=| size=)|^[\w ]+ (?:version|count|entries|size)=|: (?:code object is not signed|No such file)/.test(
        line.trim(),
      ),
  );
  return {
    value: {
      identifier: value('Identifier') ?? null,
      teamId: team === undefined || team === 'not set' ? null : team,
      adhoc: flags.includes('adhoc') || value('Signature') === 'adhoc',
      hardenedRuntime: flags.includes('runtime'),
      universal: /Mach-O universal/.test(value('Format') ?? ''),
      authorities: lines.flatMap(({ text: line }) =>
        line.startsWith('Authority=') ? [line.slice('Authority='.length)] : [],
      ),
      unsigned: /code object is not signed/.test(text),
    },
    unread: [...unread, ...strange.map(unreadLine)],
  };
}
