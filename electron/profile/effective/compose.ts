/**
 * Image builds of a Compose file. Source: the Compose specification, "Compose Build" (build.context, dockerfile, args) and
 * "Interpolation". Pure.
 */
import { parseDocument } from 'yaml';
import { expandVariables } from '../dockerfile.ts';

/** `build` of one service. */
export interface ComposeBuild {
  readonly service: string;
  /** Folder of the build, as written; `.` unless given. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  /** A build argument without a value is taken from the environment; null = it is not set there. */
  readonly args: Readonly<Record<string, string | null>>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Anchors used more often than that are an attack, not a configuration. */
const MAX_ALIASES = 100;

/** Builds of all services; none where the text is not a Compose file. `env` fills in `${NAME}`. */
export function composeBuilds(text: string, env: Variables): readonly ComposeBuild[] {
  const { services } = recordOf(contentOf(text));
  return Object.entries(recordOf(services)).flatMap(([service, definition]) => {
    const { build } = recordOf(definition);
    if (typeof build === 'string') return [{ service, context: fill(build, env), dockerfile: 'Dockerfile', args: {} }];
    if (typeof build !== 'object' || build === null) return [];
    const { context, dockerfile, args } = recordOf(build);
    return [
      {
        service,
        context: fill(typeof context === 'string' ? context : '.', env),
        dockerfile: fill(typeof dockerfile === 'string' ? dockerfile : 'Dockerfile', env),
        args: argsOf(args, env),
      },
    ];
  });
}

function contentOf(text: string): unknown {
  const document = parseDocument(text, { logLevel: 'silent', merge: true, uniqueKeys: false });
  if (document.errors.length > 0) return null;
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    return null; // too many aliases, or one without an anchor
  }
}

/** A map, or a list of `NAME=VALUE` and `NAME`. */
function argsOf(args: unknown, env: Variables): Record<string, string | null> {
  const pairs = Array.isArray(args)
    ? args.map((item): readonly [string, unknown] => {
        const [name = '', ...rest] = String(item).split('=');
        return [name, rest.length === 0 ? null : rest.join('=')];
      })
    : Object.entries(recordOf(args));
  const filled = pairs.map(([name, value]) => {
    const isGiven = value !== null && value !== undefined && typeof value !== 'object';
    return [name, isGiven ? fill(String(value), env) : (env[name] ?? null)] as const;
  });
  return Object.fromEntries(filled.filter(([name]) => name !== ''));
}

/** `$$` is a dollar sign. */
function fill(text: string, env: Variables): string {
  return expandVariables(text.replaceAll('$$', '\\$'), (name) => env[name] ?? null);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
