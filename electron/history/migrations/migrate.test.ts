import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { layoutVersion, MIGRATIONS, migrate, NEWEST_VERSION } from './migrate.ts';

function tablesOf(database: DatabaseSync): string[] {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return rows.map((row) => String(row.name));
}

describe('migrations', () => {
  it('are numbered from 1 without gaps', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it('1: an empty file becomes the first layout', () => {
    const database = new DatabaseSync(':memory:');
    expect(tablesOf(database)).toEqual([]);
    migrate(database, MIGRATIONS.slice(0, 1));
    expect(layoutVersion(database)).toBe(1);
    expect(tablesOf(database)).toEqual(['cause', 'day', 'endpoint', 'event', 'hot', 'incident', 'pack']);
    database.close();
  });

  it('leave a file of the newest layout as it is', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    database.exec("INSERT INTO endpoint (id, name) VALUES (1, 'goproxy.cn')");
    migrate(database);
    expect(layoutVersion(database)).toBe(NEWEST_VERSION);
    expect(database.prepare('SELECT name FROM endpoint').get()).toMatchObject({ name: 'goproxy.cn' });
    database.close();
  });

  it('that fail in the middle leave nothing of themselves', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    const broken = { version: NEWEST_VERSION + 1, sql: 'CREATE TABLE half (id); CREATE TABLE half (id);' };
    expect(() => migrate(database, [...MIGRATIONS, broken])).toThrow('already exists');
    expect(layoutVersion(database)).toBe(NEWEST_VERSION);
    expect(tablesOf(database)).not.toContain('half');
    database.close();
  });
});
