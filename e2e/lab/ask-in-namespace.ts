/**
 * Started inside a namespace: answers every DNS question of the machine with "no such name", runs commands of gopherbar
 * one after the other, and prints the names that each had looked up and the addresses that it or a program of its own
 * connected or sent to, as one line of JSON. Loopback does not count. Needs strace(1).
 *
 *   node e2e/lab/ask-in-namespace.ts COMMANDS-JSON
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DnsServer } from './dns-server.ts';
import { addressesIn } from './traced-addresses.ts';

const cli = join(import.meta.dirname, '..', '..', 'electron', 'cli', 'main.ts');
const commands = JSON.parse(process.argv[2] ?? '[]') as readonly (readonly string[])[];
const dns = await DnsServer.start({ address: '127.0.0.53', port: 53 });
const folder = mkdtempSync(join(tmpdir(), 'gopherbar-strace-'));
const record = join(folder, 'calls');
const answers: {
  readonly out: string;
  readonly asked: readonly string[];
  readonly connected: readonly string[];
}[] = [];
for (const args of commands) {
  dns.asked.length = 0;
  const traced = ['-f', '-qq', '--seccomp-bpf', '-e', 'trace=connect,sendto,sendmsg,sendmmsg', '-o', record];
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', cli, ...args];
  const child = spawn('strace', [...traced, ...node], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.resume();
  await once(child, 'close');
  answers.push({ out, asked: [...new Set(dns.asked)], connected: addressesIn(readFileSync(record, 'utf8')) });
}
rmSync(folder, { recursive: true });
process.stdout.write(`${JSON.stringify(answers)}\n`);
process.exit(0);
