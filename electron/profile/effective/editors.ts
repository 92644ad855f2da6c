/**
 * The environment that editors give to `go` and gopls. Pure. Sources: golang/vscode-go, extension/src/goEnv.ts
 * (go.toolsEnvVars over the process environment, http.proxy over both) and the VS Code manual, "User and workspace
 * settings" (workspace values win, objects are merged); GoLand's manual, "Go Modules" (stored as component VgoProject).
 */
import { type ParseError, parse } from 'jsonc-parser';
import type { Env } from '../../system/files.ts';

const PROXIES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'] as const;

/** A settings.json of VS Code: its `go.toolsEnvVars` and `http.proxy`. */
export interface EditorSettings {
  readonly variables: Readonly<Record<string, string>>;
  readonly httpProxy: string | null;
}

/** Reads settings with comments and trailing commas; what is not a text is left out, as the extension's users expect. */
export function editorSettings(text: string): EditorSettings {
  const errors: ParseError[] = [];
  const content: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const fields = isRecord(content) ? content : {};
  const own = fields['go.toolsEnvVars'];
  const proxy = fields['http.proxy'];
  const variables = isRecord(own) ? own : {};
  return {
    variables: Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    ),
    httpProxy: typeof proxy === 'string' && proxy !== '' ? proxy : null,
  };
}

/** The environment of the Go extension's tools: settings in the order user, workspace. */
export function editorEnvironment(base: Env, settings: readonly EditorSettings[], folder: string): Env {
  const variables: Record<string, string> = Object.assign({}, ...settings.map((one) => one.variables));
  const own = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, substituted(value, base, folder)]),
  );
  const proxy = settings.findLast(({ httpProxy }) => httpProxy !== null)?.httpProxy ?? null;
  return { ...base, ...own, ...(proxy === null ? {} : Object.fromEntries(PROXIES.map((name) => [name, proxy]))) };
}

/** `${env:NAME}`, `${workspaceFolder}` and `${workspaceRoot}`. */
function substituted(text: string, env: Env, folder: string): string {
  return text.replace(/\$\{(?:env:([^}]*)|workspaceFolder|workspaceRoot)\}/g, (_, name?: string) =>
    name === undefined ? folder : (env[name] ?? ''),
  );
}

/** The environment of GoLand's module support, from .idea/workspace.xml; empty where the project sets none. */
export function golandVariables(xml: string): Readonly<Record<string, string>> {
  const start = xml.indexOf('<component name="VgoProject"');
  const end = xml.indexOf('</component>', Math.max(0, start));
  if (start < 0 || end < 0) return {};
  const component = xml.slice(start, end);
  const [, proxy] = /<proxy>([^<]*)<\/proxy>/.exec(component) ?? [];
  const entries = [...component.matchAll(/<entry\s+key="([A-Za-z_][A-Za-z0-9_]*)"\s+value="([^"]*)"/g)];
  return {
    ...(proxy === undefined ? {} : { GOPROXY: decoded(proxy) }),
    ...Object.fromEntries(entries.map(([, name = '', value = '']) => [name, decoded(value)])),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function decoded(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
