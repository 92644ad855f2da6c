/** From the layers of one context to the value that wins. Pure. */
import type { ContextId, EffectiveName, EffectiveValue, LayerValue, Place } from '../../../shared/domain/effective.ts';
import { PROFILE_VARIABLES, type ProfileVariable } from '../../../shared/domain/profile.ts';
import { type ShellCommand, shellCommand } from '../../../shared/domain/shell-command.ts';

/** A `KEY=VALUE` file. */
export interface EnvFileText {
  readonly path: string;
  readonly text: string;
}

export interface ContextFacts {
  readonly id: ContextId;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly places: ReadonlyMap<string, Place>;
  /** null = GOENV=off, or none. */
  readonly envFile: EnvFileText | null;
  /** $GOROOT/go.env; null before Go 1.21. */
  readonly goroot: EnvFileText | null;
  /** Variables that this `go` does not know: no layer sets them. */
  readonly unknown: readonly string[];
  /** What `go env -json` says; null = it could not be run. */
  readonly said: Readonly<Record<string, string>> | null;
}

/** One variable of one context. */
export function resolveValue(name: EffectiveName, facts: ContextFacts): EffectiveValue {
  const layers = facts.unknown.includes(name) ? [] : layersOf(name, facts);
  const winner = layers[0] ?? null;
  const said = facts.said?.[name];
  // Run with GOTOOLCHAIN=local, `go` reports that value; it does not print forward proxies at all.
  const isSaid = said !== undefined && name !== 'GOTOOLCHAIN' && name !== 'GOFLAGS' && name !== 'GOENV' && isOfGo(name);
  const value = isSaid ? said : (winner?.value ?? '');
  const builtIn: readonly LayerValue[] =
    layers.length === 0 && value !== '' ? [{ layer: 'built-in', value, place: null }] : [];
  return {
    name,
    value,
    layers: [...layers, ...builtIn],
    unexplained: isSaid && winner !== null && winner.value !== said,
    remedy: winner === null ? null : remedyFor(name, winner),
  };
}

function isOfGo(name: EffectiveName): boolean {
  return PROFILE_VARIABLES.includes(name as ProfileVariable) || name.startsWith('GO');
}

function layersOf(name: EffectiveName, { env, places, envFile, goroot }: ContextFacts): readonly LayerValue[] {
  const own = env[name];
  const layers: (LayerValue | null)[] = [
    own === undefined || own === '' ? null : { layer: 'environment', value: own, place: places.get(name) ?? null },
    ...(isOfGo(name) && name !== 'GOENV'
      ? [fromFile(name, 'go-env-file', envFile), fromFile(name, 'goroot', goroot)]
      : []),
  ];
  return layers.filter((one) => one !== null);
}

/** The last line of the name wins; an empty value in the user's file hides the default since Go 1.21. */
function fromFile(name: string, layer: 'go-env-file' | 'goroot', file: EnvFileText | null): LayerValue | null {
  const lines = file?.text.split('\n') ?? [];
  const at = lines.findLastIndex((line) => line.startsWith(`${name}=`));
  if (file === null || at < 0) return null;
  const value = (lines[at] ?? '').slice(name.length + 1).replace(/\r$/, '');
  return value === '' ? null : { layer, value, place: { file: file.path, line: at + 1 } };
}

/** The command that removes the winning value. BSD's sed (macOS) wants a suffix after -i; both take `-i.bak`. */
function remedyFor(name: string, { layer, place }: LayerValue): ShellCommand | null {
  if (layer === 'go-env-file') return shellCommand('go', ['env', '-u', name]);
  if (layer !== 'environment') return null;
  if (place === null) return shellCommand('unset', [name]);
  if (place.file === 'launchctl') return shellCommand('launchctl', ['unsetenv', name]);
  if (place.line === null || place.file.endsWith('fish_variables')) return shellCommand('set', ['-Ue', name]);
  return shellCommand('sed', ['-i.bak', '--', `${place.line}s/^/# /`, place.file]);
}
