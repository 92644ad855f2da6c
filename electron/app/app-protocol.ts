/**
 * The page's own scheme, `app://gopherbar/…`: files of the bundled renderer and nothing else, each answer with the
 * content security policy. Own scheme instead of file:, which the packaged app forbids.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://gopherbar';
export const APP_PAGE = `${APP_ORIGIN}/index.html`;
export const DASHBOARD_PAGE = `${APP_ORIGIN}/dashboard.html`;

/**
 * Everything comes from the bundle; nothing is fetched, framed or submitted. React needs no exception: it sets styles
 * through the DOM, not through style attributes in markup.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // CSP Level 3: connect-src does not cover WebRTC.
  "webrtc 'block'",
].join('; ');

/** The kinds of file a bundle holds; anything else is not served. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** A handler for `protocol.handle`: answers from a folder, never from outside it. */
export function serveFolder(folder: string): (request: { url: string; method: string }) => Promise<Response> {
  return async (request) => {
    const file = request.method === 'GET' ? fileOf(folder, request.url) : null;
    const contentType = file === null ? undefined : CONTENT_TYPES[extname(file)];
    if (file === null || contentType === undefined) return reply(404, 'text/plain', 'not found');
    try {
      return reply(200, contentType, await readFile(file));
    } catch {
      return reply(404, 'text/plain', 'not found');
    }
  };
}

/** The file an address names, or null when it is not one of ours (other host, path out of the folder, bad escapes). */
function fileOf(folder: string, address: string): string | null {
  let path: string;
  try {
    const url = new URL(address);
    if (`${url.protocol}//${url.host}` !== APP_ORIGIN) return null;
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  const file = normalize(join(folder, path));
  return file.startsWith(normalize(folder) + sep) ? file : null;
}

function reply(status: number, contentType: string, body: string | Uint8Array): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': contentType,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}
