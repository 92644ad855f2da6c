/** Profiles as a file to share: `{ "schema": 1, "profiles": […] }`, docs/schemas/profiles.schema.json. */
import * as v from 'valibot';
import type { Expected } from '../domain/expected.ts';
import { gitSettingProblem } from '../domain/git-setting.ts';
import { isGoauthData } from '../domain/goauth.ts';
import { PROFILE_VARIABLES, type Profile } from '../domain/profile.ts';
import { type Mistake, mistakeOf } from './mistake.ts';
import { list } from './schemas/parts.ts';

const line = v.pipe(v.string(), v.maxLength(4_000), v.regex(/^[^\r\n\0]*$/, 'one-line' satisfies Expected));
/** A profile is data: values that make `go` run a program are only accepted in the settings file. */
const goauth = v.pipe(line, v.check(isGoauthData, 'goauth' satisfies Expected));
const bilingual = v.union([
  v.pipe(v.string(), v.maxLength(200)),
  v.object({ en: v.pipe(v.string(), v.maxLength(500)), 'zh-CN': v.pipe(v.string(), v.maxLength(500)) }),
]);
const gitSetting = v.pipe(
  v.strictObject({ key: v.pipe(v.string(), v.maxLength(2_000)), value: v.nullable(v.string()) }),
  v.check((one) => gitSettingProblem(one) === null, 'git-setting' satisfies Expected),
);

/** A user's profile, as windows send it and files contain it. */
export const ownProfileSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._:-]{1,100}$/, 'id' satisfies Expected)),
  name: bilingual,
  explanation: v.optional(bilingual, ''),
  variables: v.strictObject({ ...v.entriesFromList(PROFILE_VARIABLES, v.optional(line)), GOAUTH: v.optional(goauth) }),
  git: v.optional(v.pipe(list(gitSetting), v.maxLength(100)), []),
  networks: v.optional(
    v.pipe(list(v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/, 'network-id' satisfies Expected))), v.maxLength(50)),
    [],
  ),
});

const fileSchema = v.strictObject({
  schema: v.literal(1),
  profiles: v.pipe(list(ownProfileSchema), v.minLength(1), v.maxLength(100)),
});

/** Profiles as text; without networks: their ids are only valid on this machine. */
export function exportProfiles(profiles: readonly Profile[]): string {
  const own = profiles.map(({ builtIn: _, networks: __, ...kept }) => kept);
  return `${JSON.stringify({ schema: 1, profiles: own }, null, 2)}\n`;
}

/** The profiles of a text, or its first mistake: a field such as `profiles.0.variables.GOPROXX`, and what is allowed. */
export function importProfiles(
  text: string,
): { readonly ok: true; readonly profiles: readonly Profile[] } | { readonly ok: false; readonly mistake: Mistake } {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), fileSchema), text.replace(/^\uFEFF/, ''));
  if (parsed.success) {
    return { ok: true, profiles: parsed.output.profiles.map((one) => ({ ...one, builtIn: false })) };
  }
  const [issue] = parsed.issues;
  return { ok: false, mistake: mistakeOf(issue) };
}
