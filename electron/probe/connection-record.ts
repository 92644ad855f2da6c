/** What is noted while a connection is opened. */
import type { PhaseTimings, RemoteAddress, TlsFacts } from '../../shared/domain/result.ts';

/** What the connecting found out; filled as it goes, so that a failure keeps what came before it. */
export interface ConnectionRecord {
  phases: { -readonly [P in keyof PhaseTimings]: PhaseTimings[P] };
  addresses?: readonly string[];
  /** From the first look at the name until TCP stood, with every attempt that was lost on the way. */
  dialMs?: number;
  remote?: RemoteAddress;
  /** Size of the ClientHello with its record header, bytes. */
  helloBytes?: number;
  tls?: TlsFacts;
  /** Who signed a certificate that was refused. */
  refusedIssuer?: string;
  /** Monotonic instant at which the connection stood: the request begins here. */
  readyAt?: number;
}
