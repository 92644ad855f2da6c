/**
 * Discovery by `?go-get=1`, as cmd/go reads it (cmd/go/internal/vcs: discovery.go, vcs.go): any page with a status, its
 * `<meta name="go-import" content="prefix vcs root [subdirectory]">` tags up to the body. Pure.
 */

export interface GoImport {
  /** The import path that the repository serves. */
  readonly prefix: string;
  /** `git`, `hg`, `svn`, `bzr`, `fossil`, or `mod` for a module proxy. */
  readonly vcs: string;
  readonly root: string;
}

/** Hosts whose repositories `go` knows without asking (cmd/go/internal/vcs, vcsPaths): the first elements are the root. */
const KNOWN_HOSTS: readonly (readonly [RegExp, (path: string) => string])[] = [
  [/^github\.com\/[\w.-]+\/[\w.-]+/, firstElements(3)],
  [/^bitbucket\.org\/[\w.-]+\/[\w.-]+/, firstElements(3)],
  [/^git\.sr\.ht\/~[\w.-]+\/[\w.-]+/, firstElements(3)],
];

function firstElements(count: number): (path: string) => string {
  return (path) => path.split('/').slice(0, count).join('/');
}

/** The repository of an import path that needs no discovery: a known host, or `….git` within; null otherwise. */
export function knownRepository(importPath: string): GoImport | null {
  const host = KNOWN_HOSTS.find(([pattern]) => pattern.test(importPath));
  if (host !== undefined) {
    const prefix = host[1](importPath);
    return { prefix, vcs: 'git', root: `https://${prefix}` };
  }
  const suffix = /^(.+?\.git)(?:\/|$)/.exec(importPath)?.[1];
  return suffix === undefined ? null : { prefix: suffix, vcs: 'git', root: `https://${suffix}` };
}

/** A page beyond this many bytes is not read on: the tags stand in its head. */
export const MAX_PAGE_BYTES = 512 * 1024;

/** The go-import tags of a page, in order. */
export function goImports(page: string): readonly GoImport[] {
  const head = withoutComments(page.slice(0, MAX_PAGE_BYTES));
  // As the decoder of cmd/go: nothing after the head counts.
  const end = /<\/head\s*>|<body[\s>]/i.exec(head)?.index ?? head.length;
  return [...head.slice(0, end).matchAll(/<meta\s([^<>]{1,4000})>/gi)].flatMap(([, text = '']) => {
    if (attribute(text, 'name') !== 'go-import') return [];
    const [prefix, vcs, root, ...rest] = decoded(attribute(text, 'content') ?? '')
      .trim()
      .split(/\s+/);
    if (prefix === undefined || vcs === undefined || root === undefined || rest.length > 1) return [];
    return [{ prefix, vcs, root }];
  });
}

/** A page without its comments; what follows one that never ends is a comment, too. In linear time. */
function withoutComments(page: string): string {
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const opens = page.indexOf('<!--', from);
    kept.push(opens < 0 ? page.slice(from) : page.slice(from, opens));
    const ends = opens < 0 ? -1 : page.indexOf('-->', opens + 4);
    if (ends < 0) return kept.join('');
    from = ends + 3;
  }
}

/**
 * The tag for an import path: its prefix is the path or a parent of it; a `mod` tag wins over others.
 * null = none; `ambiguous` = several of one kind (cmd/go refuses to choose).
 */
export function matchGoImport(imports: readonly GoImport[], importPath: string): GoImport | 'ambiguous' | null {
  const fitting = imports.filter(({ prefix }) => importPath === prefix || importPath.startsWith(`${prefix}/`));
  const proxy = fitting.find(({ vcs }) => vcs === 'mod');
  if (proxy !== undefined) return proxy;
  return fitting.length > 1 ? 'ambiguous' : (fitting[0] ?? null);
}

function attribute(text: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(text);
  return found?.[1] ?? found?.[2] ?? found?.[3];
}

function decoded(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
