/**
 * Started inside a namespace: serves one proxy on 127.0.0.1:443 with an identity from files, misbehaves as configured,
 * runs
 * the command that follows, and ends with its exit code.
 *
 *   node e2e/lab/serve-in-namespace.ts HOST TRANSPORT FAULT-JSON CA-OUT -- COMMAND …
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { LabAuthority } from './certificates.ts';
import type { Transport } from './fault.ts';
import { GoproxyServer } from './goproxy-server.ts';

const [host = '', transport = 'h2', fault = 'null', caFile = '', , ...argv] = process.argv.slice(2);
const authority = await LabAuthority.create();
writeFileSync(caFile, authority.ca);
const server = await GoproxyServer.start({ transport: transport as Transport, hosts: [host], authority, port: 443 });
await server.setFault(JSON.parse(fault));
const [file = '', ...args] = argv;
const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, SSL_CERT_FILE: caFile } });
child.on('close', (code) => process.exit(code ?? 1));
