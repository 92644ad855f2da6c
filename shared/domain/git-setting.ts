/**
 * The git settings that a profile may contain: those that affect how `go` reaches source hosts through git.
 * Source: git-config(1), http.<url>.*, url.<base>.insteadOf. Section and variable names know no case, the URL between
 * them does.
 */

export interface GitSetting {
  /** `http.proxy`, `http.<url>.proxy`, `http.<url>.followRedirects` or `url.<base>.insteadOf`. */
  readonly key: string;
  /** null = the key is not set; of `url.<base>.insteadOf`, which may be set often, one of its values. */
  readonly value: string | null;
}

const MANAGED = /^(?:(http)\.(?:(.+)\.)?(proxy)|(http)\.(.+)\.(followRedirects)|(url)\.(.+)\.(insteadOf))$/i;

/**
 * The key with the case that git keeps it in (`http.https://x.followredirects`); null when a profile may not hold it.
 */
export function gitKey(text: string): string | null {
  const parts = MANAGED.exec(text)
    ?.slice(1)
    .filter((part) => part !== undefined);
  if (parts === undefined) return null;
  const [section = '', middle = '', last = ''] = parts.length === 2 ? [parts[0], '', parts[1]] : parts;
  // git takes what stands between the quotes of [http "…"] as it is, but no newline and no NUL.
  if (/[\n\r\0]/.test(middle)) return null;
  return [section.toLowerCase(), ...(middle === '' ? [] : [middle]), last.toLowerCase()].join('.');
}

/** Whether a key may stand several times, each with a value of its own. */
export function isRepeatable(key: string): boolean {
  return /^url\..*\.insteadof$/i.test(key);
}

/** What a key is set to, in order; git uses the last one of a key that is not repeatable. */
export function gitValues(settings: readonly GitSetting[], key: string): readonly string[] {
  const wanted = gitKey(key);
  return settings.flatMap((one) => (gitKey(one.key) === wanted && one.value !== null ? [one.value] : []));
}

/**
 * The values of a key after applying settings. A value of a repeatable key is added to the existing ones; with
 * a null among them, exactly the given values remain.
 */
export function gitTarget(
  key: string,
  wishes: readonly GitSetting[],
  settings: readonly GitSetting[],
): readonly string[] {
  const now = gitValues(settings, key);
  const own = wishes.filter((one) => gitKey(one.key) === gitKey(key));
  const values = own.flatMap(({ value }) => (value === null ? [] : [value]));
  if (own.some(({ value }) => value === null)) return values;
  if (!isRepeatable(key)) return now.at(-1) === values.at(-1) ? now : values.slice(-1);
  return [...now, ...values.filter((value) => !now.includes(value))];
}

/** The keys of a list of settings, each once, as git keeps them. */
export function gitKeys(settings: readonly GitSetting[]): readonly string[] {
  return [...new Set(settings.map(({ key }) => gitKey(key) ?? key))];
}

/** Whether all settings are in effect. */
export function isGitInForce(wishes: readonly GitSetting[], settings: readonly GitSetting[]): boolean {
  return gitKeys(wishes).every((key) => sameValues(gitTarget(key, wishes, settings), gitValues(settings, key)));
}

/** Whether two lists of values are the same. */
export function sameValues(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** The problem with a setting that the user entered; null when it is valid. */
export function gitSettingProblem({ key, value }: GitSetting): 'key' | 'value' | null {
  const normal = gitKey(key);
  if (normal === null) return 'key';
  if (value === null) return null;
  // A leading dash would be read as an option; a newline would end the line of the file.
  if (/[\n\r\0]/.test(value) || value.startsWith('-') || value.length > 2_000) return 'value';
  if (normal.endsWith('.followredirects')) return /^(?:true|false|initial)$/.test(value) ? null : 'value';
  return normal.endsWith('.insteadof') && value === '' ? 'value' : null;
}
