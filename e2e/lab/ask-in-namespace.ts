/**
 * Started inside a namespace: answers every DNS question of the machine with "no such name", runs commands of gopherbar
 * one after the other, and prints the names that each had looked up, as one line of JSON.
 *
 *   node e2e/lab/ask-in-namespace.ts COMMANDS-JSON
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DnsServer } from './dns-server.ts';

const cli = join(import.meta.dirname, '..', '..', 'electron', 'cli', 'main.ts');
const commands = JSON.parse(process.argv[2] ?? '[]') as readonly (readonly string[])[];
const dns = await DnsServer.start({ address: '127.0.0.53', port: 53 });
const answers: { readonly out: string; readonly asked: readonly string[] }[] = [];
for (const args of commands) {
  dns.asked.length = 0;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args]);
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.resume();
  await once(child, 'close');
  answers.push({ out, asked: [...new Set(dns.asked)] });
}
process.stdout.write(`${JSON.stringify(answers)}\n`);
process.exit(0);
