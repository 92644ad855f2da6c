/** How `gopherbar probe` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const probe = {
  name: 'probe',
  positionals: { url: { shows: 'url' } },
  options: {
    kind: { value: 'kind', default: 'goproxy' },
    module: { value: 'path@version' },
    key: { value: 'verifier key' },
    target: { value: 'name or URL' },
    ca: { value: 'file' },
    resolve: { value: 'host:port:address', as: 'list' },
    resolver: { value: 'address:port|url' },
    forwardProxy: { value: 'URL' },
    light: {},
    experiments: {},
    otherResolver: { value: 'address:port' },
    otherProxy: { value: 'URL' },
    json: {},
  },
  example: 'gopherbar probe goproxy.cn --module golang.org/x/text@v0.3.0',
} as const satisfies Declaration;

export type ProbeArguments = ArgumentsOf<typeof probe>;
