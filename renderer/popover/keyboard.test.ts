import { describe, expect, it } from 'vitest';
import { keyCommand, nextRow } from './keyboard.ts';

const press = (key: string, change = {}) => keyCommand({ key, modified: false, typing: false, ...change });

describe('keys', () => {
  it('1 to 9 name profiles, and 0 does not', () => {
    expect(press('1')).toEqual({ command: 'profile', index: 0 });
    expect(press('9')).toEqual({ command: 'profile', index: 8 });
    expect(press('0')).toBeNull();
  });

  it('belong to the system while a modifier is held', () => {
    expect(press('r', { modified: true })).toBeNull();
  });

  it('belong to a field while it is typed in, but Escape still goes back', () => {
    expect(press('1', { typing: true })).toBeNull();
    expect(press('Escape', { typing: true })).toEqual({ command: 'back' });
  });

  it('wrap around the rows', () => {
    expect(nextRow(3, -1, 1)).toBe(0);
    expect(nextRow(3, -1, -1)).toBe(2);
    expect(nextRow(3, 2, 1)).toBe(0);
    expect(nextRow(3, 0, -1)).toBe(2);
    expect(nextRow(0, -1, 1)).toBe(-1);
  });
});
