/** Which module or package a message is about: the one that failed, not the head of the chain that led to it. Pure. */
import type { Cause } from '../../shared/domain/cause.ts';

const PATH = String.raw`(?:[\w~-]+\.)+[\w~-]+(?:\/[\w.~!+-]+)*`;

/** Where the words themselves name it, before or after the deciding ones. */
const NAMED: readonly (readonly [RegExp, readonly Cause[]])[] = [
  [/found (?:package )?(\S+) in multiple modules/, ['ambiguous-import']],
  [/zip for (\S+@\S+) has /, ['zip-corrupt']],
  [
    /(?:no required module provides package|missing module for import:?|provides package) ([^\s;:]+)/,
    ['gomod-needs-update', 'outside-module'],
  ],
  [
    /(?:module providing package|needed to verify package) ([^\s;:(]+)/,
    ['gosum-missing-entry', 'module-not-found', 'vendor-inconsistent', 'gomod-needs-update'],
  ],
  [
    /(?:malformed (?:module|import) path|cannot find package|invalid (?:module|import) path:?) "([^"\n]+)"/,
    ['module-path-malformed', 'outside-module'],
  ],
  [
    /unrecognized import path "([^"\s]+)": import path does not begin|unrecognized import path "([^"\s]+)" \(import path does not/,
    ['module-path-malformed'],
  ],
  [/package (\S+) is not in (?:GOROOT|std)/, ['module-path-malformed']],
];

/** A module path, or `path@version`, as a word of its own. */
const TOKEN = new RegExp(String.raw`(?<![\w@/.!~+-])(${PATH})(@[\w.~+/-]+)?(?=[:\s",)\]']|$)`, 'g');

/** Addresses, files and quoted code: what looks like a module path but is not one. */
const NOT_MODULES =
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/?[^\s"'>)]*|(?<![\w@.-])(?:\.{0,2}|~|[A-Za-z]:)[/\\][^\s:"',]*(?::\d+)*|[\w@.~+!/-]+\.go:\d+(?::\d+)?|[\w.-]+@[\w.-]+(?=:\s*Permission)|(?<![\w/.@+-])\d+(?:\.\d+){1,3}(?:[:/]\d+)?(?![\w.])|(?<=lookup )\S+|(?<=(?:connect to|for|known for) )[\w.-]+(?= )/g;

/** Names of files that look like a module without a slash. */
const FILES = /^(?:go\.(?:mod|sum|work|env)|\S+\.(?:go|mod|sum|txt|json|ya?ml|toml|sh|zip|lock|exe|drv|log))$/;

/** The module at fault, `path` or `path@version`; `at` is where the deciding words begin. */
export function moduleIn(text: string, cause: Cause, at: number): string | undefined {
  for (const [pattern, causes] of NAMED) {
    const named = causes.includes(cause)
      ? pattern
          .exec(text)
          ?.slice(1)
          .find((one) => one !== undefined)
      : undefined;
    if (named !== undefined) return named;
  }
  if (cause === 'vendor-inconsistent') return undefined;
  const kept = cause === 'zip-corrupt' ? moduleOfCache(text) : undefined;
  if (kept !== undefined) return kept;
  const before = tokens(text.slice(0, at));
  const versioned = before.findLast((one) => one.includes('@'));
  if (versioned !== undefined) return versioned;
  const quoted = /unrecognized import path "([^"\s]+)"/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  const plain = before.findLast((one) => one.includes('/')) ?? rootModule(text);
  if (plain !== undefined) return plain;
  // GOPATH mode names the package after git's words: `package b.example/a: exit status 128`.
  const after = /(?:^|\s)(?:package|imports) (\S+): exit status \d+$/m.exec(text.slice(at))?.[1];
  return after ?? /but was required as: (\S+)/.exec(text)?.[1] ?? moduleOfUrl(text) ?? moduleOfCache(text);
}

/**
 * What was asked for when only an address is left: of a module proxy, whose file names carry module and version (capitals
 * as `!` and a small letter), of discovery, or of gopkg.in, whose addresses are paths of modules.
 */
function moduleOfUrl(text: string): string | undefined {
  const [, path, version] =
    /https?:\/\/[^\s"]{0,400}?\/((?:[\w-]+\.)+[a-z]{2,}(?:\/[\w.~!%+-]+){0,20})\/@(?:v\/(?:list|([^\s"/]+)\.(?:info|mod|zip))|latest)\b/.exec(
      text,
    ) ?? [];
  if (path !== undefined) return unescaped(version === undefined ? path : `${path}@${version}`);
  return (
    /https?:\/\/([^\s"?@]+)\?go-get=1/.exec(text)?.[1] ??
    /'https?:\/\/(gopkg\.in\/(?:[\w-]+\/)?[\w-]+\.v\d+)\/?'/.exec(text)?.[1]
  );
}

/** Whose file of the module cache is named: `cache/download/PATH/@v/VERSION.zip`, or below `pkg/mod/PATH@VERSION/`. */
function moduleOfCache(text: string): string | undefined {
  const [, path, version] =
    /cache[/\\]download[/\\]((?:[\w-]+\.)+[a-z]{2,}(?:[/\\][\w.~!+-]+){0,20})[/\\]@v[/\\](v[\w.+-]{1,200})\.(?:zip|mod|info|lock)/.exec(
      text,
    ) ??
    /pkg[/\\]mod[/\\]((?:[\w-]+\.)+[a-z]{2,}(?:[/\\][\w.~!+-]+){0,20})@(v[\w.+-]{1,200})[/\\]/.exec(text) ??
    [];
  return path === undefined ? undefined : unescaped(`${path.replaceAll('\\', '/')}@${version ?? ''}`);
}

function unescaped(path: string): string {
  return path.replace(/(?:!|%21)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function tokens(text: string): readonly string[] {
  const blank = text.replace(NOT_MODULES, (found) => ' '.repeat(found.length));
  return [...blank.matchAll(TOKEN)].flatMap(([, path = '', version = '']) => {
    const name = path.replace(/\/go\.mod$/, '');
    return FILES.test(name) || name.endsWith('.go') ? [] : [`${name}${version.replace(/\/go\.mod$|\.+$/, '')}`];
  });
}

/** A module that is a bare host: only where `go` itself names it. */
function rootModule(text: string): string | undefined {
  const name = /^(?:[^\n]{0,200}["'\s])?go: (?:module )?((?:[\w~-]+\.)+[\w~-]+): /m.exec(text)?.[1];
  return name === undefined || FILES.test(name) ? undefined : name;
}
