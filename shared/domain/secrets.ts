/** Credentials in texts that people show each other: headers, URLs, queries, assignments, and tokens known by their shape. Pure. */

/** What is put in the place of a secret. */
export const HIDDEN = 'xxxxx';

const SECRET_WORD = '(?:token|secret|passw(?:or)?d|passwd|pwd|signature|api[_-]?key|access[_-]?key|credential)';

/** Each keeps what tells that a secret stood there. */
const RULES: readonly (readonly [pattern: RegExp, to: string])[] = [
  // Authorization: Basic …, PRIVATE-TOKEN: …, Cookie=…
  [
    /\b((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]*(?:key|token)|(?:private|job|deploy)-token|x-jfrog-art-api)("?\s*[:=]\s*"?)(?:(?:basic|bearer|token|negotiate|ntlm)\s+)?[^\s"',;]+/gi,
    `$1$2${HIDDEN}`,
  ],
  // scheme://user:password@ keeps the user; a user alone may be a token, but git@ is a custom.
  [/([a-z][a-z0-9+.-]*:\/\/)([^\s/?#,|@:"'<>]*):[^\s/?#,|@"'<>]*@/gi, `$1$2:${HIDDEN}@`],
  [/([a-z][a-z0-9+.-]*:\/\/)(?!(?:git|xxxxx)@)[^\s/?#,|@:"'<>]+@/gi, `$1${HIDDEN}@`],
  [/(%3A%2F%2F)(?:(?!%2F)[^\s"'<>&])+?%40/gi, `$1${HIDDEN}%40`],
  [new RegExp(`([?&](?:[\\w.-]*${SECRET_WORD}[\\w.-]*|sig|auth|key)=)[^&\\s"'<>]+`, 'gi'), `$1${HIDDEN}`],
  [new RegExp(`\\b([\\w.-]*${SECRET_WORD}=)["']?[^\\s"'&,;]+["']?`, 'gi'), `$1${HIDDEN}`],
  [new RegExp(`("[\\w.-]*${SECRET_WORD}"\\s*:\\s*")[^"]*"`, 'gi'), `$1${HIDDEN}"`],
  // A line of .netrc.
  [/(\blogin\s+\S+\s+password\s+)\S+/gi, `$1${HIDDEN}`],
  // GitHub, GitLab, AWS, Slack, npm, and JSON Web Tokens.
  [
    /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|gl(?:pat|dt|rt|cbt)-[\w-]{15,}|(?:AKIA|ASIA)[0-9A-Z]{16}|xox[abprs]-[\w-]{10,}|npm_\w{30,}|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)/g,
    HIDDEN,
  ],
];

/** The text with every credential replaced; everything else stays as it was. */
export function hideSecrets(text: string): string {
  return RULES.reduce((clean, [pattern, to]) => clean.replace(pattern, to), text);
}
