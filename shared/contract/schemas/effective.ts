/** Schema of the values that win in each context. */
import * as v from 'valibot';
import { CONTEXT_IDS, EFFECTIVE_NAMES, type EffectiveTable, type InstalledGo, LAYERS } from '../../domain/effective.ts';
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
      problem: v.nullable(v.picklist(['no-shell', 'shell-silent', 'not-here'])),
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
  gos: list(installedGo),
  project: v.nullable(v.object({ file: v.string(), go: v.nullable(v.string()), toolchain: v.nullable(v.string()) })),
});
