/** Schema of the values that win in each context. */
import * as v from 'valibot';
import { CONTEXT_IDS, EFFECTIVE_NAMES, type EffectiveTable, type InstalledGo, LAYERS } from '../../domain/effective.ts';
import { PROFILE_VARIABLES } from '../../domain/profile.ts';
import { list, type SchemaOf, shellCommand } from './parts.ts';

const place = v.nullable(v.object({ file: v.string(), line: v.nullable(v.number()) }));
const installedGo: SchemaOf<InstalledGo> = v.object({
  path: v.string(),
  version: v.string(),
  installer: v.picklist(['go.dev', 'homebrew', 'sdk', 'gvm', 'asdf', 'mise', 'goenv', 'system', 'other']),
});

export const effectiveTableSchema: SchemaOf<EffectiveTable> = v.object({
  contexts: list(
    v.object({
      id: v.picklist(CONTEXT_IDS),
      shell: v.nullable(v.string()),
      sources: list(v.string()),
      differs: list(v.picklist(PROFILE_VARIABLES)),
      remedy: v.nullable(
        v.object({ commands: list(shellCommand), lines: list(v.string()), file: v.nullable(v.string()) }),
      ),
      problem: v.nullable(v.picklist(['no-shell', 'shell-silent', 'not-here', 'unreadable'])),
      go: v.nullable(installedGo),
      values: list(
        v.object({
          name: v.picklist(EFFECTIVE_NAMES),
          value: v.string(),
          layers: list(v.object({ layer: v.picklist(LAYERS), value: v.string(), place })),
          unexplained: v.boolean(),
          remedy: v.nullable(shellCommand),
        }),
      ),
    }),
  ),
  builds: list(
    v.object({
      file: v.string(),
      service: v.nullable(v.string()),
      stage: v.string(),
      line: v.number(),
      command: v.string(),
      values: list(
        v.object({
          name: v.picklist(PROFILE_VARIABLES),
          wanted: v.string(),
          value: v.nullable(v.string()),
          by: v.picklist(['env', 'arg', 'command', 'undeclared']),
        }),
      ),
      insert: v.nullable(v.object({ after: v.number(), lines: list(v.string()) })),
      build: v.nullable(shellCommand),
      composeArgs: list(v.string()),
    }),
  ),
  gos: list(installedGo),
  project: v.nullable(v.object({ file: v.string(), go: v.nullable(v.string()), toolchain: v.nullable(v.string()) })),
});
