/** The rows that the walker and the real go are compared on: a GOPROXY list over servers with set responses. */
import type { Cause } from '../../shared/domain/cause.ts';

/** How a server of the lab behaves, and what a probe calls it; null = it answers. */
export const BEHAVIOURS = {
  ok: null,
  '404': 'module-not-found',
  '410': 'module-not-found',
  '403': 'http-forbidden',
  '500': 'http-server-error',
  EOF: 'eof-no-response',
  refused: 'connect-refused',
  'TLS silence': 'tls-handshake-timeout',
  HTML: 'not-a-goproxy',
} as const satisfies Readonly<Record<string, Cause | null>>;

export type Behaviour = keyof typeof BEHAVIOURS;

/** One list: in `list`, `{404}` stands for the next server of that kind; other variables of `go` as wanted. */
export interface WalkerRow {
  readonly list: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether `direct` leads to the module; false unless set. */
  readonly directWorks?: boolean;
}

function lists(behaviours: readonly Behaviour[], length: number): readonly string[] {
  if (length === 1) return behaviours.map((one) => `{${one}}`);
  return lists(behaviours, length - 1).flatMap((head) =>
    behaviours.flatMap((one) => [`${head},{${one}}`, `${head}|{${one}}`]),
  );
}

const ALL = Object.keys(BEHAVIOURS) as Behaviour[];

/** All lists of up to two entries: 9 + 162. */
export const SHORT_ROWS: readonly WalkerRow[] = [...lists(ALL, 1), ...lists(ALL, 2)].map((list) => ({ list }));

/** All lists of three and four entries over what matters most: 108 + 648. */
export const LONG_ROWS: readonly WalkerRow[] = [3, 4]
  .flatMap((length) => lists(['ok', '404', 'EOF'], length))
  .map((list) => ({ list }));

const PRIVATE = { GOPRIVATE: 'example.test' };

/** Forty lists with timeouts, `direct`, `off`, private paths and typing mistakes. */
export const CHOSEN_ROWS: readonly WalkerRow[] = [
  { list: 'direct', directWorks: true },
  { list: 'direct' },
  { list: '{404},direct', directWorks: true },
  { list: '{404},direct' },
  { list: '{EOF},direct', directWorks: true },
  { list: '{EOF}|direct', directWorks: true },
  { list: '{500}|{404},direct', directWorks: true },
  { list: '{404},{500},direct', directWorks: true },
  { list: 'direct,{ok}' },
  { list: 'direct|{ok}' },
  { list: 'off' },
  { list: 'off,{ok}' },
  { list: '{404},off' },
  { list: '{EOF}|off' },
  { list: '{EOF},off' },
  { list: '{ok},off' },
  { list: '{500}|off' },
  { list: '{ok}', variables: PRIVATE, directWorks: true },
  { list: 'off', variables: PRIVATE, directWorks: true },
  { list: '{ok}', variables: PRIVATE },
  { list: '{ok}', variables: { ...PRIVATE, GONOPROXY: 'none' } },
  { list: '{ok}', variables: { GOPRIVATE: 'example.tes' } },
  { list: '{ok}', variables: { GONOPROXY: '*.test/hello' }, directWorks: true },
  { list: '{ok}', variables: { GONOPROXY: '*.test/hello/deeper' } },
  { list: 'goproxycn,{ok}' },
  { list: '{ok},goproxycn' },
  { list: '{404},goproxycn,{ok}' },
  { list: '{ok},off,goproxycn' },
  { list: 'ftp://a.test,{ok}' },
  { list: '“https://a.test”,{ok}' },
  { list: 'https://a .test,{ok}' },
  { list: 'direct;' },
  { list: ',,{404},,{ok}' },
  { list: '{404}, {ok} ,' },
  { list: '{EOF}|,{ok}' },
  { list: '{EOF},|{ok}' },
  { list: ' , ' },
  { list: '{TLS silence}|{TLS silence}|{ok}' },
  { list: '{404}|{TLS silence},{ok}' },
  { list: '{TLS silence}|direct', directWorks: true },
];
