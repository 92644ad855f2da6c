/** Host and port of a URL. */
import { parseUrl } from '../system/web.ts';

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

/** null for what is no http or https URL. */
export function originOf(text: string): HostAndPort | null {
  const url = parseUrl(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, secure };
}
