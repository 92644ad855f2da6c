/** TCC databases as files of every schema, and what can be wrong with one. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { readTcc, readTccDump } from './tcc.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'e2e', 'fixtures', 'macos');
const folder = mkdtempSync(join(tmpdir(), 'gopherbar-tcc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dumps = readdirSync(FIXTURES).filter((name) => name.endsWith('.sql'));
const sqlOf = (name: string) => readFileSync(join(FIXTURES, name), 'utf8');

function database(name: string, sql: string): string {
  const file = join(folder, name);
  const made = new DatabaseSync(file);
  made.exec(sql);
  made.close();
  return file;
}

describe('readTcc', () => {
  it.each(dumps)('%s as a file says what its dump says, and is not written to', (name) => {
    const file = database(`${name}.db`, sqlOf(name));
    const before = statSync(file).mtimeMs;
    expect(readTcc(file)).toEqual(readTccDump(sqlOf(name)));
    expect(statSync(file).mtimeMs).toBe(before);
    expect(readdirSync(folder).filter((one) => one.startsWith(`${name}.db-`))).toEqual([]);
  });

  it('names a missing, a corrupt, a locked file, and one of something else', () => {
    expect(readTcc(join(folder, 'none.db'))).toMatchObject({ ok: false, why: 'missing' });
    writeFileSync(join(folder, 'text.db'), 'this is no database, but long enough to be taken for one'.repeat(100));
    expect(readTcc(join(folder, 'text.db'))).toMatchObject({ ok: false, why: 'corrupt' });
    const other = database('other.db', 'CREATE TABLE things (x)');
    expect(readTcc(other)).toMatchObject({ ok: false, why: 'no-access-table' });
    const busy = database('busy.db', sqlOf(dumps[0] ?? ''));
    const holder = new DatabaseSync(busy);
    holder.exec('BEGIN EXCLUSIVE');
    expect(readTcc(busy)).toMatchObject({ ok: false, why: 'locked' });
    holder.exec('ROLLBACK');
    holder.close();
    const cut = join(folder, 'cut.db');
    writeFileSync(cut, readFileSync(busy).subarray(0, 5_000));
    expect(readTcc(cut)).toMatchObject({ ok: false });
  });

  it('an unreadable file asks for Full Disk Access', () => {
    const file = database('closed.db', sqlOf(dumps[0] ?? ''));
    chmodSync(file, 0o000);
    // Nobody closes a file to root, who runs this on some machines.
    const outcome = readTcc(file);
    if (process.getuid?.() !== 0) expect(outcome).toMatchObject({ ok: false, why: 'needs-full-disk-access' });
    else expect(outcome.ok).toBe(true);
  });

  it('accepts new columns and unknown values', () => {
    const sql = `CREATE TABLE access (extra TEXT, service TEXT, client TEXT, client_type INTEGER, auth_value INTEGER, auth_reason INTEGER);
      INSERT INTO access VALUES ('x', 'kTCCServiceCamera', 'a.b', 0, 9, 77);`;
    expect(readTccDump(sql)).toMatchObject({
      ok: true,
      report: {
        accessColumns: 6,
        rows: [{ decision: 'other:9', reason: 'other:77', target: null, lastModified: null }],
      },
    });
  });
});
