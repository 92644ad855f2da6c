/** Headers for an OTLP collector, such as a key, from the environment. */
import { failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { Env } from '../system/files.ts';
import { parseUrl } from '../system/web.ts';

/** The more specific one wins (OpenTelemetry Protocol Exporter specification, “Configuration Options”). */
const VARIABLES = ['OTEL_EXPORTER_OTLP_METRICS_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS'] as const;

/** A field name of HTTP (RFC 9110 §5.1). */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** A value that fits in one header line. */
const VALUE = /^[\t\x20-\x7e]*$/;
/** What the sender or HTTP itself decides. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'content-type',
  'host',
  'transfer-encoding',
]);

/**
 * `name=value` pairs separated by commas, with percent-encoded values, as the specification writes them. Names are lower
 * case. Fails where the variable cannot be read, and where a header would cross a network in plain text; neither problem
 * holds a value.
 */
export function otlpHeaders(env: Env, url: string): Outcome<Readonly<Record<string, string>>> {
  const variable = VARIABLES.find((name) => (env[name] ?? '').trim() !== '');
  if (variable === undefined) return succeeded({});
  const headers: Record<string, string> = {};
  for (const pair of (env[variable] ?? '').split(',')) {
    if (pair.trim() === '') continue;
    const header = headerOf(pair);
    if (header === null) return failed('otlp-headers', { variable });
    headers[header.name] = header.value;
  }
  if (Object.keys(headers).length > 0 && !isProtected(url)) return failed('otlp-headers-plain', { variable, url });
  return succeeded(headers);
}

function headerOf(pair: string): { readonly name: string; readonly value: string } | null {
  const at = pair.indexOf('=');
  const name = pair.slice(0, Math.max(0, at)).trim().toLowerCase();
  const value = decoded(pair.slice(at + 1).trim());
  if (at < 1 || !NAME.test(name) || RESERVED.has(name) || value === null || !VALUE.test(value)) return null;
  return { name, value };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function isProtected(url: string): boolean {
  const parsed = parseUrl(url);
  if (parsed === null) return false;
  return parsed.protocol === 'https:' || /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(parsed.hostname);
}
