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
  'no relay': null,
} as const satisfies Readonly<Record<string, Cause | null>>;

export type Behaviour = keyof typeof BEHAVIOURS;

/** One list: in `list`, `{404}` stands for the next server of that kind; other variables of `go` as wanted. */
export interface WalkerRow {
  readonly list: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether `direct` leads to the module; false unless set. */
  readonly directWorks?: boolean;
  /** The checksum database is on: relayed by those that answer, and out of reach by itself. */
  readonly database?: boolean;
}

function lists(behaviours: readonly Behaviour[], length: number): readonly string[] {
  if (length === 1) return behaviours.map((one) => `{${one}}`);
  return lists(behaviours, length - 1).flatMap((head) =>
    behaviours.flatMap((one) => [`${head},{${one}}`, `${head}|{${one}}`]),
  );
}

const ALL = (Object.keys(BEHAVIOURS) as Behaviour[]).filter((one) => one !== 'no relay');

/** All lists of up to two entries: 9 + 162. */
export const SHORT_ROWS: readonly WalkerRow[] = [...lists(ALL, 1), ...lists(ALL, 2)].map((list) => ({ list }));

/** All lists of three and four entries over what matters most: 108 + 648. */
export const LONG_ROWS: readonly WalkerRow[] = [3, 4]
  .flatMap((length) => lists(['ok', '404', 'EOF'], length))
  .map((list) => ({ list }));

/** With the checksum database on, which is out of reach by itself: all lists of up to three entries, and their ends. */
export const DATABASE_ROWS: readonly WalkerRow[] = [1, 2, 3]
  .flatMap((length) =>
    lists(length === 3 ? ['ok', 'no relay', 'EOF'] : ['ok', 'no relay', '404', '500', 'EOF', 'refused'], length),
  )
  .flatMap((list) => [list, ...(list.split('{').length > 3 ? [] : [`${list}|direct`, `${list},direct`, `${list}|off`])])
  .map((list) => ({ list, database: true, directWorks: true }));

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
