/** One DNS question over UDP, TCP (RFC 7766) or TLS (RFC 7858), each instant stamped by us. */
import { randomInt } from 'node:crypto';
import * as dgram from 'node:dgram';
import type { Socket } from 'node:net';
import type { Limits } from '../../shared/domain/endpoint.ts';
import { errorFacts } from '../system/error-facts.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { encodeQuestion, type RecordType, type Reply, readReply } from './dns-message.ts';
import { PhaseError } from './phase-error.ts';

export interface Question {
  readonly name: string;
  readonly type: RecordType;
}

/** How long to listen after the first reply to a UDP question: an injected answer comes before the true one. */
const HOLD_ON_MS = 150;

/** Asks over UDP; every reply that fits the question within the hold-on, the first first. */
export async function askUdp(
  address: string,
  port: number,
  { name, type }: Question,
  { deadline, limits, record }: { deadline: Deadline; limits: Limits; record: ConnectionRecord },
): Promise<readonly Reply[]> {
  const { clock } = deadline;
  const id = randomId();
  const onTimeout = () => new PhaseError('response', 'dns-timeout', 'no reply', 'ETIMEDOUT');
  const socket = dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');
  let written = clock.monotonic();
  const began = written;
  const replies: Reply[] = [];
  let stopTimer = () => {};
  try {
    await withDeadline<void>(deadline, limits.hard.headerMs, onTimeout, (resolve, reject) => {
      socket.on('error', (error) => {
        const { message, code } = errorFacts(error);
        reject(new PhaseError('response', 'dns-resolver-unreachable', message, code));
      });
      socket.on('message', (bytes) => {
        const reply = readReply(bytes, id, name, type);
        if (reply === null) return;
        replies.push(reply);
        if (replies.length > 1) return;
        record.phases.response = clock.monotonic() - written;
        stopTimer = clock.after(HOLD_ON_MS, () => resolve());
      });
      // Connected, so that the kernel reports a closed port (ICMP) and drops what comes from elsewhere.
      socket.connect(port, address, () => {
        socket.send(encodeQuestion(id, name, type), () => {
          written = clock.monotonic();
          record.phases.request = written - began;
        });
      });
      return () => {};
    });
  } catch (error) {
    record.phases.response ??= clock.monotonic() - written;
    throw error;
  } finally {
    stopTimer();
    socket.close();
  }
  return replies;
}

/** Asks over a connected stream, plain or TLS; one reply, with its length before it (RFC 1035 §4.2.2). */
export async function askStream(
  socket: Socket,
  { name, type }: Question,
  { deadline, limits, record }: { deadline: Deadline; limits: Limits; record: ConnectionRecord },
): Promise<readonly Reply[]> {
  const { clock } = deadline;
  const id = randomId();
  const question = encodeQuestion(id, name, type);
  const began = record.readyAt ?? clock.monotonic();
  let written = began;
  const onTimeout = () => new PhaseError('response', 'dns-timeout', 'no reply', 'ETIMEDOUT');
  try {
    return await withDeadline(deadline, limits.hard.headerMs, onTimeout, (resolve, reject) => {
      let bytes = Buffer.alloc(0);
      const fail = (message: string, code?: string) =>
        reject(new PhaseError('response', 'dns-server-misbehaving', message, code));
      const onData = (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length < 2 || bytes.length < 2 + bytes.readUInt16BE(0)) return;
        const reply = readReply(bytes.subarray(2, 2 + bytes.readUInt16BE(0)), id, name, type);
        if (reply === null) fail('the reply does not fit the question');
        else resolve([reply]);
      };
      socket.on('data', onData);
      socket.on('error', (error) => fail(error.message, errorFacts(error).code));
      socket.on('close', () => fail('the server closed the connection instead of a reply'));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(question.length);
      socket.write(Buffer.concat([length, question]), () => {
        written = clock.monotonic();
      });
      return () => socket.off('data', onData);
    });
  } finally {
    record.phases.request = written - began;
    record.phases.response = clock.monotonic() - written;
  }
}

/** Not to be guessed: who guesses it can answer in the server's place (RFC 5452). */
function randomId(): number {
  return randomInt(0x1_0000);
}
