/** `splice.ts PORT TO`: a bare TCP splice in Node, without any HTTP: the floor of forwarding. */
import { connect, createServer } from 'node:net';

const [port, to] = process.argv.slice(2).map(Number);
createServer((client) => {
  const upstream = connect(to ?? 0, '127.0.0.1');
  client.pipe(upstream).pipe(client);
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on('error', () => {});
    one.on('close', () => other.destroy());
  }
}).listen(port, '127.0.0.1');
