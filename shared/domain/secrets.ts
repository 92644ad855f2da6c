/**
 * Credentials in texts that may be shared: headers, URLs, queries, assignments, and tokens known by their shape. Pure.
 */

/** The replacement of a secret. */
export const HIDDEN = 'xxxxx';

const SECRET_WORD = '(?:token|secret|passw(?:or)?d|passwd|pwd|signature|api[_-]?key|access[_-]?key|credential)';

/*
 * Every pattern below is linear in the text, which strangers write: it begins at a literal, or repeats a bounded number
 * of times. What is hidden already is left alone, and no quote is taken away: in a command it would end a word elsewhere.
 */
const SECRET_NAME = new RegExp(`${SECRET_WORD}|authorization|cookie`, 'i');
const QUERY_SECRET = new RegExp(
  `([?&](?:[\\w.-]{0,64}${SECRET_WORD}[\\w.-]{0,64}|sig|auth|key)=)(?!${HIDDEN})[^&\\s"'<>#,|]+`,
  'gi',
);
/**
 * The userinfo ends at the last `@` of the authority (https://url.spec.whatwg.org/#authority-state). In a message that
 * was cut, `go` up to 1.22 leaves one slash. What follows `module://` is a path and a version.
 */
const USERINFO = /((?<!\bmodule):\/\/|(?<=https?):\/)([^\s/?#"<>\\]*)@/gi;
/** GOPROXY entries need no scheme: `user:password@host`. */
const BARE_USERINFO = /(^|[\s,|="'])([^\s/?#,|:@=]{1,100}):([^\s/?#,|"]{1,300})@/g;

/** Each keeps the part that shows that there was a secret. */
const RULES: readonly (readonly [pattern: RegExp, to: string])[] = [
  // Authorization: Basic …, PRIVATE-TOKEN: …, Cookie=…
  [
    /\b((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]{0,64}(?:key|token)|(?:private|job|deploy)-token|x-jfrog-art-api)("?\s{0,8}[:=]\s{0,8}"?)(?:(?:basic|bearer|token|negotiate|ntlm)\s{1,8})?(?!xxxxx)[^\s"',;]+/gi,
    `$1$2${HIDDEN}`,
  ],
  [/(%3A%2F%2F)(?:(?!%2F)[^\s"'<>&])+?%40/gi, `$1${HIDDEN}%40`],
  [new RegExp(`\\b([\\w.-]{0,64}${SECRET_WORD}=)(["']?)(?!${HIDDEN})[^\\s"'&,;]+`, 'gi'), `$1$2${HIDDEN}`],
  [new RegExp(`("[\\w.-]{0,64}${SECRET_WORD}"\\s{0,8}:\\s{0,8}")[^"]*"`, 'gi'), `$1${HIDDEN}"`],
  // A line of .netrc.
  [/(\blogin\s{1,64}\S{1,1000}\s{1,64}password\s{1,64})(?!xxxxx)\S+/gi, `$1${HIDDEN}`],
  // GitHub, GitLab, AWS, Slack, npm, and JSON Web Tokens.
  [
    /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|gl(?:pat|dt|rt|cbt)-[\w-]{15,}|(?:AKIA|ASIA)[0-9A-Z]{16}|xox[abprs]-[\w-]{10,}|npm_\w{30,}|eyJ[\w-]{8,1000}\.[\w-]{8,}(?:\.[\w-]*)?)/g,
    HIDDEN,
  ],
];

/** A URL with its password, bare token and secret parameters replaced, as `go` prints it: `user:xxxxx@`. */
export function redactUrl(url: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z0-9+.-]{0,31}:\/\/)([^/?#\\]*)(.*)$/is.exec(url) ?? [];
  if (scheme === '' || scheme === 'module://') return redactUrls(url);
  const at = authority.lastIndexOf('@');
  const server = at < 0 ? authority : `${hidePassword(authority.slice(0, at))}@${authority.slice(at + 1)}`;
  return `${scheme}${server}${rest.replace(QUERY_SECRET, `$1${HIDDEN}`)}`;
}

/** A text with every password in a URL replaced: lists, assignments, commands, outputs. */
export function redactUrls(text: string): string {
  if (!/[@=]/.test(text)) return text;
  return text
    .replace(USERINFO, (_, slashes: string, userinfo: string) => `${slashes}${hidePassword(userinfo)}@`)
    .replace(BARE_USERINFO, `$1$2:${HIDDEN}@`)
    .replace(QUERY_SECRET, `$1${HIDDEN}`);
}

/** `user:password` keeps the user; a user alone may be a token, but `git` is a custom. */
function hidePassword(userinfo: string): string {
  const colon = userinfo.indexOf(':');
  if (colon >= 0) return `${userinfo.slice(0, colon)}:${HIDDEN}`;
  return userinfo === 'git' || userinfo === '' ? userinfo : HIDDEN;
}

/** A copy of a value made of objects, lists and texts, without the passwords in its texts and keys. */
export function redactDeep<T>(value: T): T {
  return redacted(value) as T;
}

function redacted(value: unknown): unknown {
  if (typeof value === 'string') return redactUrls(value);
  if (Array.isArray(value)) return value.map(redacted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [redactUrls(key), redacted(one)]));
}

/**
 * Puts the secrets back that `redactUrls` took out of a text, as far as `known` texts hold them: for the same user at
 * the same host, or for the same entry. null when a secret stays unknown.
 */
export function restoreSecrets(text: string, known: readonly string[]): string | null {
  const originals = new Map<string, string>();
  for (const one of known) {
    for (const entry of one.split(SEPARATOR))
      for (const part of [entry, ...serversIn(entry)]) {
        if (redactUrls(part) !== part) originals.set(redactUrls(part), part);
      }
  }
  const restored = text
    .split(SEPARATOR)
    .map((entry) => originals.get(entry) ?? entry.replace(SERVER, (server) => originals.get(server) ?? server))
    .join('');
  return isHidden(restored) ? null : restored;
}

/**
 * The same for a text that a stranger may have written: only an entry that is, but for its secret, an entry of `known`
 * is restored, so that no secret gets to another address. Other marks stay.
 */
export function restoreEntries(text: string, known: readonly string[]): string {
  if (!text.includes(HIDDEN)) return text;
  const originals = new Map(
    known.flatMap((one) => [one, ...one.split(SEPARATOR)]).map((entry) => [hideSecrets(entry), entry]),
  );
  const entry = (one: string) => originals.get(one) ?? one;
  return originals.get(text) ?? text.split(SEPARATOR).map(entry).join('');
}

/** Whether a field of this name holds a secret, whatever its value. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Between the entries of a list; kept by split(). */
const SEPARATOR = /([\s,|]+)/;
const SERVER = /:\/\/[^\s/?#"<>\\]*@[^\s/?#"<>\\]*/g;

function serversIn(entry: string): readonly string[] {
  return entry.match(SERVER) ?? [];
}

/** Whether a text holds a mark in the place of a secret. */
function isHidden(text: string): boolean {
  return text.includes(`${HIDDEN}@`) || text.includes(`=${HIDDEN}`);
}

/** The text with every credential replaced; everything else stays as it was. */
export function hideSecrets(text: string): string {
  return RULES.reduce((clean, [pattern, to]) => clean.replace(pattern, to), redactUrls(text));
}
