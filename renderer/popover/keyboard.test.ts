import { describe, expect, it } from 'vitest';
import { nextRow } from '../common/next-row.ts';
import { type KeyPress, keyCommand, rowByLetter } from './keyboard.ts';

const press = (key: string, change: Partial<KeyPress> = {}) =>
  keyCommand({ key, command: false, modified: false, typing: false, ...change });

describe('keys', () => {
  it('1 to 9 name profiles, and 0 does not', () => {
    expect(press('1')).toEqual({ command: 'profile', index: 0 });
    expect(press('9')).toEqual({ command: 'profile', index: 8 });
    expect(press('0')).toBeNull();
  });

  it('act with the command key', () => {
    expect(press('r', { command: true })).toEqual({ command: 'probe' });
    expect(press('Z', { command: true })).toEqual({ command: 'undo' });
    expect(press(',', { command: true })).toEqual({ command: 'settings' });
    expect(press('q', { command: true })).toBeNull();
    expect(press('1', { command: true })).toBeNull();
  });

  it('belong to the system while another modifier is held', () => {
    expect(press('r', { modified: true })).toBeNull();
    expect(press('ArrowDown', { modified: true })).toBeNull();
  });

  it('belong to a field while it is typed in; Escape leaves the field first', () => {
    expect(press('1', { typing: true })).toBeNull();
    expect(press('z', { typing: true, command: true })).toBeNull();
    expect(press('Escape', { typing: true })).toEqual({ command: 'leave-field' });
    expect(press('Escape')).toEqual({ command: 'back' });
  });

  it('move to the ends of the rows, and by letters of any script', () => {
    expect(press('Home')).toEqual({ command: 'first-row' });
    expect(press('End')).toEqual({ command: 'last-row' });
    expect(press('g')).toEqual({ command: 'type-ahead', letter: 'g' });
    expect(press('国')).toEqual({ command: 'type-ahead', letter: '国' });
    expect(press('Tab')).toBeNull();
  });
});

describe('rows', () => {
  it('wrap around', () => {
    expect(nextRow(3, -1, 1)).toBe(0);
    expect(nextRow(3, -1, -1)).toBe(2);
    expect(nextRow(3, 2, 1)).toBe(0);
    expect(nextRow(3, 0, -1)).toBe(2);
    expect(nextRow(0, -1, 1)).toBe(-1);
  });

  it('are found by their first letter, the next one after the focused first', () => {
    const names = ['China', 'goproxy.io', 'Official', 'goproxy.cn'];
    expect(rowByLetter(names, -1, 'g')).toBe(1);
    expect(rowByLetter(names, 1, 'G')).toBe(3);
    expect(rowByLetter(names, 3, 'g')).toBe(1);
    expect(rowByLetter(names, 2, 'o')).toBe(2);
    expect(rowByLetter(names, 0, 'x')).toBe(-1);
    expect(rowByLetter([], -1, 'x')).toBe(-1);
  });
});
