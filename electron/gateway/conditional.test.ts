import { expect, it } from 'vitest';
import { select } from './conditional.ts';

const AT = Date.parse('2026-01-02T03:04:05Z');
const DATE = new Date(AT).toUTCString();

it.each([
  [{}, { status: 200 }],
  [{ range: 'bytes=0-' }, { status: 206, start: 0, end: 99 }],
  [{ range: 'bytes=10-19' }, { status: 206, start: 10, end: 19 }],
  [{ range: 'bytes=90-500' }, { status: 206, start: 90, end: 99 }],
  [{ range: 'bytes=-10' }, { status: 206, start: 90, end: 99 }],
  [{ range: 'bytes=-500' }, { status: 206, start: 0, end: 99 }],
  [{ range: 'bytes=100-' }, { status: 416 }],
  [{ range: 'bytes=-0' }, { status: 416 }],
  [{ range: 'bytes=20-10' }, { status: 200 }],
  [{ range: 'bytes=0-1,5-6' }, { status: 200 }],
  [{ range: 'lines=0-1' }, { status: 200 }],
  [{ range: 'bytes=' }, { status: 200 }],
  [
    { range: 'bytes=5-', 'if-range': '"tag"' },
    { status: 206, start: 5, end: 99 },
  ],
  [{ range: 'bytes=5-', 'if-range': '"other"' }, { status: 200 }],
  [{ range: 'bytes=5-', 'if-range': 'W/"tag"' }, { status: 200 }],
  [
    { range: 'bytes=5-', 'if-range': DATE },
    { status: 206, start: 5, end: 99 },
  ],
  [{ range: 'bytes=5-', 'if-range': new Date(AT + 1_000).toUTCString() }, { status: 200 }],
  [{ 'if-none-match': '"tag"' }, { status: 304 }],
  [{ 'if-none-match': 'W/"tag", "x"' }, { status: 304 }],
  [{ 'if-none-match': '*' }, { status: 304 }],
  [{ 'if-none-match': '"x"', 'if-modified-since': DATE }, { status: 200 }],
  [{ 'if-modified-since': DATE }, { status: 304 }],
  [{ 'if-modified-since': new Date(AT - 1_000).toUTCString() }, { status: 200 }],
  [{ 'if-modified-since': 'yesterday' }, { status: 200 }],
])('%j', (headers, expected) => {
  expect(select(headers, 100, '"tag"', AT)).toEqual(expected);
});
