/** Ranges and conditions of a request, as net/http's ServeContent has them. Pure. Source: RFC 9110 §13, §14. */

/** What of a file is sent. */
export type Selection =
  | { readonly status: 200 }
  | { readonly status: 206; readonly start: number; readonly end: number }
  | { readonly status: 304 | 416 };

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Chooses by If-None-Match, If-Modified-Since, Range and If-Range. `end` is the last byte, inclusive. */
export function select(headers: Headers, bytes: number, etag: string, modifiedAt: number): Selection {
  const noneMatch = text(headers['if-none-match']);
  if (noneMatch !== null) {
    if (noneMatch.trim() === '*' || tagsOf(noneMatch).includes(etag)) return { status: 304 };
  } else if (isNotModified(text(headers['if-modified-since']), modifiedAt)) {
    return { status: 304 };
  }
  const range = text(headers.range);
  if (range === null || !isSame(text(headers['if-range']), etag, modifiedAt)) return { status: 200 };
  return rangeOf(range, bytes);
}

/** One range of bytes; several, or another unit, are answered with the whole file. */
function rangeOf(range: string, bytes: number): Selection {
  const [, from = '', to = ''] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/.exec(range) ?? [];
  if (from === '' && to === '') return { status: 200 };
  if (from === '') {
    const last = Number(to);
    return last === 0 || bytes === 0
      ? { status: 416 }
      : { status: 206, start: Math.max(0, bytes - last), end: bytes - 1 };
  }
  const start = Number(from);
  const end = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== '' && Number(to) < start) return { status: 200 };
  return start >= bytes ? { status: 416 } : { status: 206, start, end };
}

/** If-Range holds only for the same strong tag or the exact date (RFC 9110 §13.1.5). */
function isSame(ifRange: string | null, etag: string, modifiedAt: number): boolean {
  if (ifRange === null) return true;
  return ifRange.startsWith('"') ? ifRange === etag : Date.parse(ifRange) === modifiedAt;
}

function isNotModified(since: string | null, modifiedAt: number): boolean {
  const at = since === null ? Number.NaN : Date.parse(since);
  return !Number.isNaN(at) && modifiedAt <= at;
}

/** Weak comparison (RFC 9110 §13.1.2). */
function tagsOf(list: string): readonly string[] {
  return list.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}

function text(value: string | string[] | undefined): string | null {
  if (value === undefined) return null;
  return Array.isArray(value) ? value.join(', ') : value;
}
