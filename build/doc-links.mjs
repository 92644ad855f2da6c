/** Links of Markdown: where they lead, and the anchors that a page has. Pure. */

/**
 * Fragments that GitHub gives to the headings of a page, and those it sets itself with `id` or `name`. A heading that comes
 * again gets -1, -2, …; see github.com/gjtorikian/html-pipeline, TableOfContentsFilter.
 * @param {string} text
 * @returns {ReadonlySet<string>}
 */
export function anchorsOf(text) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const headings = [...withoutCode(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, title = '']) => {
    const slug = title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  const own = [...text.matchAll(/<[^>]+\b(?:id|name)="([^"]+)"/g)].map(([, name = '']) => name);
  return new Set([...headings, ...own]);
}

/**
 * Targets of inline links, images, reference definitions and HTML attributes, outside of code.
 * @param {string} text
 * @returns {readonly string[]}
 */
export function linksOf(text) {
  const prose = withoutCode(text);
  return [
    ...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g),
    ...prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm),
    ...prose.matchAll(/<(?:a|img)\b[^>]*\b(?:href|src)="([^"]+)"/g),
  ].map(([, target = '']) => target);
}

/**
 * What is wrong with a page's links. `read` gives the text of a page, '' for another file or a folder, and null for what does not
 * exist; it gets paths relative to the page.
 * @param {string} text
 * @param {(path: string) => string | null} read
 * @returns {readonly string[]}
 */
export function linkProblems(text, read) {
  return linksOf(text).flatMap((target) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return outsideProblem(target);
    const [path = '', anchor] = target.split('#');
    const page = path === '' ? text : read(decodeURI(path));
    if (page === null) return [`the link to ${target} leads nowhere`];
    if (anchor === undefined || /^L\d/.test(anchor)) return [];
    return anchorsOf(page).has(decodeURIComponent(anchor)) ? [] : [`the link to ${target}: no such heading`];
  });
}

/**
 * Not fetched: a check must not depend on the network.
 * @param {string} target
 */
function outsideProblem(target) {
  if (target.startsWith('mailto:')) return [];
  return URL.canParse(target) && /^https:\/\/[^/\s]+\.[^/\s]+/.test(target)
    ? []
    : [`the link to ${target} is not an https URL`];
}

/** @param {string} text */
function withoutCode(text) {
  return text
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[^\p{L}\p{N} _-]/gu, ''));
}
