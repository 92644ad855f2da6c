/**
 * TCC databases: who may read which files and drive which devices. Nothing in them is about the internet: they explain
 * `operation not permitted` on a path, never a download that fails. Read-only, by the names of columns, since they grow
 * from release to release.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { errorFacts, errorMessage } from '../system/error-facts.ts';
import { DEVELOPER_APPS } from './terminals.ts';

/** One decision about an app. */
export interface TccRow {
  readonly service: string;
  readonly client: string;
  readonly clientType: 'bundle' | 'path';
  /** `other:N` for a number that is not known. */
  readonly decision: string;
  readonly reason: string | null;
  /** The app that is driven (AppleEvents); null for everything else. */
  readonly target: string | null;
  /** Seconds since 1970. */
  readonly lastModified: number | null;
}

/** What a TCC database says. */
export interface TccReport {
  readonly accessColumns: number;
  /** macOS 10.14–10.15 keep `allowed`, later ones `auth_value`. */
  readonly family: 'allowed' | 'auth_value';
  /** Names the schema; an unknown one is fine while the columns are there. */
  readonly schemaDigest: string;
  readonly rows: readonly TccRow[];
  /** Always 0: there is no such service. */
  readonly rowsAboutInternetAccess: number;
  /** Full Disk Access of terminals and editors, by bundle identifier. */
  readonly fullDiskAccess: Readonly<Record<string, string>>;
  readonly managedOverrides: readonly {
    readonly service: string;
    readonly client: string;
    readonly adminDecision: string;
  }[];
}

/** A report, or why there is none. */
export type TccOutcome =
  | { readonly ok: true; readonly report: TccReport }
  | {
      readonly ok: false;
      readonly why: 'missing' | 'needs-full-disk-access' | 'locked' | 'corrupt' | 'no-access-table' | 'unreadable';
      readonly detail: string;
    };

/** More rows than any machine has. */
const MAX_ROWS = 20_000;

/** Opens a database read-only and reports; every trouble is named. Never writes, never throws. */
export function readTcc(file: string): TccOutcome {
  const refused = accessProblem(file);
  if (refused !== null) return refused;
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    return { ok: true, report: reportTcc(database) };
  } catch (error) {
    return { ok: false, ...whyOf(error) };
  } finally {
    database?.close();
  }
}

/** The same from the statements of a dump. */
export function readTccDump(sql: string): TccOutcome {
  const database = new DatabaseSync(':memory:');
  try {
    database.exec(sql);
    return { ok: true, report: reportTcc(database) };
  } catch (error) {
    return { ok: false, ...whyOf(error) };
  } finally {
    database.close();
  }
}

function accessProblem(file: string): Extract<TccOutcome, { ok: false }> | null {
  try {
    accessSync(file, constants.R_OK);
    return null;
  } catch (error) {
    const { code = '' } = errorFacts(error);
    const why =
      code === 'EPERM' || code === 'EACCES' ? 'needs-full-disk-access' : existsSync(file) ? 'unreadable' : 'missing';
    return { ok: false, why, detail: code };
  }
}

function whyOf(error: unknown): Pick<Extract<TccOutcome, { ok: false }>, 'why' | 'detail'> {
  const detail = errorMessage(error);
  if (/no such table|no such column/.test(detail)) return { why: 'no-access-table', detail };
  if (/locked|busy/.test(detail)) return { why: 'locked', detail };
  if (/not a database|malformed|corrupt/.test(detail)) return { why: 'corrupt', detail };
  if (/authorization denied|unable to open|not permitted/.test(detail))
    return { why: 'needs-full-disk-access', detail };
  return { why: 'unreadable', detail };
}

type Row = Readonly<Record<string, unknown>>;

function reportTcc(database: DatabaseSync): TccReport {
  const columns = columnsOf(database, 'access');
  if (columns.length === 0) throw new Error('no such table: access');
  const family = columns.includes('auth_value') ? 'auth_value' : 'allowed';
  const wanted = ['service', 'client', 'client_type', family].filter((name) => !columns.includes(name));
  if (wanted.length > 0) throw new Error(`no such column: ${wanted.join(', ')}`);
  const read = [
    'service',
    'client',
    'client_type',
    family,
    'auth_reason',
    'indirect_object_identifier',
    'last_modified',
  ];
  const present = read.filter((name) => columns.includes(name));
  const rows = database
    .prepare(
      `SELECT ${present.map((name) => `"${name}"`).join(', ')} FROM access ORDER BY service, client LIMIT ${MAX_ROWS}`,
    )
    .all()
    .map((row) => rowOf(row as Row, family));
  const disk = rows.filter(
    (one) => one.service === 'kTCCServiceSystemPolicyAllFiles' && Object.hasOwn(DEVELOPER_APPS, one.client),
  );
  return {
    accessColumns: columns.length,
    family,
    schemaDigest: digestOf(database),
    rows,
    rowsAboutInternetAccess: rows.filter(({ service }) => /Internet|NetworkAccess|LocalNetwork/.test(service)).length,
    fullDiskAccess: Object.fromEntries(disk.map(({ client, decision }) => [client, decision])),
    managedOverrides: overridesOf(database),
  };
}

function columnsOf(database: DatabaseSync, table: 'access' | 'managed_overrides'): readonly string[] {
  return database
    .prepare(`PRAGMA table_info(${table})`)
    .all()
    .map((row) => String((row as Row).name));
}

/** The first ten digits of the SHA-1 of the table's own definition, by which tools name the schema. */
function digestOf(database: DatabaseSync): string {
  const row = database.prepare("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'access'").get() as
    | Row
    | undefined;
  return createHash('sha1')
    .update(String(row?.sql ?? ''))
    .digest('hex')
    .slice(0, 10);
}

const DECISIONS = ['denied', 'unknown', 'allowed', 'limited'] as const;

/** auth_reason by number; 0 says nothing. */
const REASONS = [
  null,
  'Error',
  'User Consent',
  'User Set',
  'System Set',
  'Service Policy',
  'MDM Policy',
  'Override Policy',
  'Missing Usage String',
  'Prompt Timeout',
  'Preflight Unknown',
  'Entitled',
  'App Type Policy',
] as const;

function rowOf(row: Row, family: TccReport['family']): TccRow {
  const value = Number(row[family]);
  const reason = row.auth_reason === undefined || row.auth_reason === null ? null : Number(row.auth_reason);
  const target = row.indirect_object_identifier;
  return {
    service: String(row.service),
    client: String(row.client),
    clientType: Number(row.client_type) === 1 ? 'path' : 'bundle',
    decision:
      family === 'allowed' ? (value === 0 ? 'denied' : value === 1 ? 'allowed' : `other:${value}`) : decisionOf(value),
    reason: reason === null ? null : (REASONS[reason] ?? (reason === 0 ? null : `other:${reason}`)),
    target: target === undefined || target === null || target === 'UNUSED' ? null : String(target),
    lastModified: row.last_modified === undefined || row.last_modified === null ? null : Number(row.last_modified),
  };
}

function decisionOf(value: number): string {
  return DECISIONS[value] ?? `other:${value}`;
}

/** macOS 27: what an administrator decided instead. */
function overridesOf(database: DatabaseSync): TccReport['managedOverrides'] {
  const columns = columnsOf(database, 'managed_overrides');
  if (!columns.includes('admin_auth_value')) return [];
  return database
    .prepare(
      `SELECT service, client, admin_auth_value FROM managed_overrides ORDER BY service, client LIMIT ${MAX_ROWS}`,
    )
    .all()
    .map((row) => {
      const { service, client, admin_auth_value: value } = row as Row;
      return { service: String(service), client: String(client), adminDecision: decisionOf(Number(value)) };
    });
}
