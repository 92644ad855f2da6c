/**
 * The texts of the product: every key has a text in both languages and is used, and nothing that a person reads is
 * written in the code instead of shared/messages/*.json.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';
import { COMMANDS } from '../electron/cli/commands/index.ts';
import { textKeys } from '../electron/cli/parser.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where everything that is said to a person must come from the catalogues. */
const SPEAKING = ['shared/messages/', 'renderer/', 'electron/app/'];

/** JSX attributes that are read out or shown. */
const SHOWN_ATTRIBUTES = [
  'title',
  'alt',
  'label',
  'placeholder',
  'aria-label',
  'aria-description',
  'aria-roledescription',
];
/** JSX attributes whose text is for the machine. */
const HIDDEN_ATTRIBUTES = ['className', 'd', 'points', 'transform', 'viewBox', 'style', 'data-testid'];
/** Names, units and words of other formats that are the same in both languages; a language calls itself by its own name. */
const UNTRANSLATED =
  /^(?:Gopherbar|go|git|TLS|HTTP\/?[\d.]*|h2|DNS|ms|s|MB|KB|B|GOAWAY|RST_STREAM|URL|JSON|toolchain|简体中文|Desktop|Entry)$/;

/** A command line, which a person copies as it is. */
const COMMAND = /^(?:go|git|gopherbar|sudo|tccutil) [a-z-]+/;

/** @typedef {{ type: string, start: number, end: number, [key: string]: unknown }} Node */

const catalogues = Object.fromEntries(
  ['en', 'zh-CN'].map((language) => {
    const file = join(root, 'shared', 'messages', `${language}.json`);
    return [language, new Set(keysOf(JSON.parse(readFileSync(file, 'utf8'))))];
  }),
);

/** @type {string[]} */
const problems = [];
for (const [language, keys] of Object.entries(catalogues)) {
  for (const [other, others] of Object.entries(catalogues)) {
    for (const key of others) if (!keys.has(key)) problems.push(`${key}: in ${other}.json but not in ${language}.json`);
  }
}

/** Texts and numbers that stand in the code. */
const literals = new Set();
/** Templates of the code, as patterns whose groups are the gaps. @type {Map<string, RegExp>} */
const templates = new Map();
for (const file of globSync('{shared,electron,renderer}/**/*.{ts,tsx}', { cwd: root })) {
  if (/\.test\.tsx?$/.test(file)) continue;
  const source = readFileSync(join(root, file), 'utf8');
  const speaks = SPEAKING.some((folder) => file.startsWith(folder));
  const ast = /** @type {Node} */ (
    /** @type {unknown} */ (parseAst(source, { lang: file.endsWith('x') ? 'tsx' : 'ts' }, file))
  );
  walk(ast, [], (node, parents) => {
    note(node);
    if (!speaks) return;
    const text = spokenText(node, parents);
    if (text === null) return;
    const line = source.slice(0, node.start).split('\n').length;
    problems.push(`${file}:${line}: “${text.trim()}” is for a person: put it into shared/messages/*.json`);
  });
}

for (const { declaration } of COMMANDS) {
  const { summary, options } = textKeys(declaration);
  for (const key of [summary, ...options]) {
    if (catalogues.en?.has(key)) literals.add(key);
    else problems.push(`${key}: gopherbar ${declaration.name} --help needs this text`);
  }
}
for (const key of catalogues.en ?? [])
  if (!isUsed(key)) problems.push(`${key}: no code uses this text; delete it from both catalogues`);

for (const problem of problems) console.error(problem);
console.error(
  `messages: ${problems.length === 0 ? `${catalogues.en?.size} texts in two languages, all used` : `${problems.length} problems`}`,
);
process.exit(problems.length === 0 ? 0 : 1);

/**
 * @param {object} tree
 * @param {string} prefix
 * @returns {string[]}
 */
function keysOf(tree, prefix = '') {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`),
  );
}

/**
 * @param {unknown} node
 * @param {Node[]} parents nearest last
 * @param {(node: Node, parents: Node[]) => void} visit
 */
function walk(node, parents, visit) {
  if (Array.isArray(node)) {
    for (const one of node) walk(one, parents, visit);
  } else if (typeof node === 'object' && node !== null && 'type' in node) {
    const one = /** @type {Node} */ (node);
    visit(one, parents);
    const below = [...parents, one];
    for (const value of Object.values(one)) walk(value, below, visit);
  }
}

/** @param {Node} node */
function note(node) {
  if (node.type === 'Literal') literals.add(String(node.value));
  // Names of properties are values, too: a table from a rule to its source, for instance.
  if (node.type === 'Property' && !node.computed) {
    const key = /** @type {Node} */ (node.key);
    literals.add(String(key.name ?? key.value));
  }
  if (node.type !== 'TemplateLiteral') return;
  const quasis = /** @type {{ value: { cooked: string } }[]} */ (node.quasis).map(({ value }) => value.cooked);
  if (quasis.length === 1) literals.add(quasis[0]);
  else if (/^[a-z][\w.-]*[.-]$/.test(quasis[0] ?? ''))
    templates.set(quasis.join('\0'), new RegExp(`^${quasis.map(escaped).join('(.+)')}$`));
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/**
 * Written out, or made by a template whose gaps hold texts of the code (or of other templates).
 * @param {string} key
 * @returns {boolean}
 */
function isUsed(key, depth = 0) {
  if (literals.has(key)) return true;
  if (depth > 2) return false;
  return [...templates.values()].some((pattern) => {
    const found = pattern.exec(key);
    return found?.slice(1).every((gap) => isUsed(gap, depth + 1)) === true;
  });
}

/**
 * What a person would read, or null: text between tags, of an attribute that is shown, of another script, or of at
 * least two words.
 * @param {Node} node
 * @param {Node[]} parents
 */
function spokenText(node, parents) {
  const text = textOf(node);
  if (text === null || isHidden(parents)) return null;
  const words = text
    .split(/[^\p{L}\d/_.:-]+/u)
    .filter((word) => /^\p{L}{2,}[.,:…]?$/u.test(word) && !UNTRANSLATED.test(word));
  if (words.length === 0 || COMMAND.test(text)) return null;
  if (node.type === 'JSXText' || /\p{Script=Han}/u.test(text) || isShown(parents)) return text;
  // In a template a single word beside a blank is one of a sentence.
  if (node.type === 'TemplateElement') return /(?:^| )\p{L}{2,}(?: |$)/u.test(text) && / /.test(text) ? text : null;
  return /\p{L}{2,},? \p{L}{2,}/u.test(text) ? text : null;
}

/** @param {Node} node */
function textOf(node) {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'JSXText') return String(node.value);
  if (node.type === 'TemplateElement') return /** @type {{ cooked: string }} */ (node.value).cooked;
  return null;
}

/** @param {Node[]} parents */
function isShown(parents) {
  const attribute = parents.findLast(({ type }) => type === 'JSXAttribute');
  return attribute !== undefined && SHOWN_ATTRIBUTES.includes(nameOf(attribute.name));
}

/**
 * Keys, imports, types, errors for developers, log lines, commands, and attributes for the machine.
 * @param {Node[]} parents
 */
function isHidden(parents) {
  return parents.some((parent) => {
    if (parent.type === 'JSXElement') {
      const { openingElement } = /** @type {{ openingElement: { name: unknown } }} */ (/** @type {unknown} */ (parent));
      return nameOf(openingElement.name) === 'code';
    }
    if (parent.type.startsWith('Import') || parent.type.startsWith('TS'))
      return !/^TS(?:As|Satisfies)/.test(parent.type);
    if (parent.type === 'JSXAttribute') return HIDDEN_ATTRIBUTES.includes(nameOf(parent.name));
    if (parent.type === 'AssignmentExpression') return HIDDEN_ATTRIBUTES.includes(nameOf(parent.left));
    if (parent.type === 'NewExpression') return /(?:Error|Response)$/.test(nameOf(parent.callee));
    if (parent.type === 'CallExpression')
      return /^(?:t|reply|debug|info|warn|error|querySelector\w*)$/.test(nameOf(parent.callee));
    return false;
  });
}

/** @param {unknown} node @returns {string} */
function nameOf(node) {
  const one = /** @type {{ name?: unknown, property?: { name?: unknown }, namespace?: { name: string } }} */ (node);
  if (typeof one.name === 'string') return one.name;
  if (one.namespace !== undefined) return `${one.namespace.name}:${nameOf(one.name)}`;
  return String(one.property?.name ?? '');
}
