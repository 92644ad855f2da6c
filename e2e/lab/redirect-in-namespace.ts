/** Started inside a namespace: a public host redirects to inner addresses; prints what was opened there, as JSON. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import { join } from 'node:path';

const PUBLIC = '192.0.2.2';
let opened = 0;
const inner = net.createServer((socket) => {
  opened += 1;
  socket.destroy();
});
inner.listen(9_090, '::');
await once(inner, 'listening');
let target = '';
const front = http.createServer((_, response) => response.writeHead(302, { location: target }).end());
front.listen(8_080, PUBLIC);
await once(front, 'listening');
const cli = join(import.meta.dirname, '..', '..', 'electron', 'cli', 'main.ts');
async function gopherbar(...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args]);
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.resume();
  await once(child, 'close');
  return out;
}
const seen: unknown[] = [];
for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]']) {
  target = `http://${host}:9090/`;
  seen.push(JSON.parse(await gopherbar('probe', `http://${PUBLIC}:8080`, '--json')).cause);
  await gopherbar('lag', 'a.example/b', '--even-private');
}
process.stdout.write(`${JSON.stringify({ opened, seen })}\n`);
process.exit(0);
