/** How a context gets the values that a terminal uses. Pure. */
import type { ContextId, ContextRemedy, EffectiveValue } from '../../../shared/domain/effective.ts';
import { PROFILE_VARIABLES, type ProfileVariable } from '../../../shared/domain/profile.ts';
import { hideSecrets } from '../../../shared/domain/secrets.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';

/** What is known of the context besides its values. */
export interface ContextPlaces {
  readonly id: ContextId;
  readonly sources: readonly string[];
  /** The `go` that runs there. */
  readonly go: string;
  /** Its $GOROOT/go.env; null before Go 1.21. */
  readonly ownDefaults: string | null;
}

/**
 * Variables of a profile that have another value than in the terminal. Two defaults are no difference: they follow from
 * another variable (GONOPROXY from GOPRIVATE) or another version of Go.
 */
export function differing(
  values: readonly EffectiveValue[],
  terminal: readonly EffectiveValue[],
): readonly ProfileVariable[] {
  return PROFILE_VARIABLES.filter((name) => {
    const [there, here] = [values, terminal].map((list) => list.find((one) => one.name === name));
    return there !== undefined && here !== undefined && there.value !== here.value && (isSet(there) || isSet(here));
  });
}

function isSet({ layers: [winner] }: EffectiveValue): boolean {
  return winner !== undefined && winner.layer !== 'built-in';
}

/** null where nothing differs, or where nothing can be suggested: a value with a password in it never is. */
export function contextRemedy(
  names: readonly ProfileVariable[],
  terminal: readonly EffectiveValue[],
  { id, sources, go, ownDefaults }: ContextPlaces,
): ContextRemedy | null {
  const wanted = names.flatMap((name) => {
    const value = terminal.find((one) => one.name === name)?.value ?? '';
    return value === '' || hideSecrets(`${name}=${value}`) !== `${name}=${value}` ? [] : [{ name, value }];
  });
  if (wanted.length === 0) return null;
  const assignments = wanted.map(({ name, value }) => `${name}=${value}`);
  switch (id) {
    case 'editor': {
      const entries = wanted.map(({ name, value }) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
      return { commands: [], lines: ['"go.toolsEnvVars": {', entries.join(',\n'), '}'], file: sources[0] ?? null };
    }
    case 'goland':
      return { commands: [], lines: assignments, file: null };
    case 'cron':
      return { commands: [], lines: assignments, file: null };
    case 'homebrew':
      if (ownDefaults === null) return null;
      return {
        commands: [shellCommand('env', [`GOENV=${ownDefaults}`, go, 'env', '-w', ...assignments])],
        lines: [],
        file: ownDefaults,
      };
    case 'launchd-job':
      return {
        commands: wanted.map(({ name, value }) =>
          shellCommand('plutil', [
            '-replace',
            `EnvironmentVariables.${name}`,
            '-string',
            value,
            '--',
            sources[0] ?? '',
          ]),
        ),
        lines: [],
        file: sources[0] ?? null,
      };
    case 'sudo':
      return { commands: [shellCommand('sudo', ['env', ...assignments, 'go'])], lines: [], file: null };
    default:
      return null; // shells and apps: each value names its own remedy
  }
}
