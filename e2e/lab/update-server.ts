/** An update server of the app on loopback: a folder of releases that can lie, break off and stand still. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The update information of this computer's platform, as electron-builder names it. */
export const INFO = {
  darwin: 'latest-mac.yml',
  linux: process.arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${process.arch}.yml`,
}[process.platform as 'darwin' | 'linux'];

/** What it publishes, what it really sends, and what was requested. */
export class UpdateServer {
  readonly #server: Server;
  readonly requests: IncomingMessage[] = [];
  url = '';
  version = '0.2.0';
  published = program();
  sent = this.published;
  /** Bytes of the file after which the connection is reset; null = all. */
  cutAfter: number | null = null;
  /** Bytes of the file after which nothing more comes; null = all come. */
  stallAfter: number | null = null;
  answer: ((response: ServerResponse) => void) | null = null;

  constructor() {
    this.#server = createServer((message, response) => this.#serve(message, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/releases`;
  }

  get paths(): readonly string[] {
    return this.requests.map(({ url = '' }) => url.replace('/releases/', ''));
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(message: IncomingMessage, response: ServerResponse): void {
    this.requests.push(message);
    if (this.answer !== null) this.answer(response);
    else if (message.url?.endsWith('.yml')) response.end(this.#info());
    else if (this.cutAfter !== null) {
      response.writeHead(200, { 'content-length': this.sent.length });
      response.write(this.sent.subarray(0, this.cutAfter), () => response.destroy());
    } else if (this.stallAfter !== null) {
      response.writeHead(200, { 'content-length': this.sent.length });
      response.write(this.sent.subarray(0, this.stallAfter));
    } else response.end(this.sent);
  }

  #info(): string {
    const sha512 = createHash('sha512').update(this.published).digest('base64');
    const name = `Gopherbar-${this.version}-linux-x86_64.AppImage`;
    return [
      `version: ${this.version}`,
      'files:',
      `  - url: ${name}`,
      `    sha512: ${sha512}`,
      `    size: ${this.published.length}`,
      `path: ${name}`,
      `sha512: ${sha512}`,
      "releaseDate: '2026-11-27T00:00:00.000Z'",
      'releaseNotes: |',
      '  - Switches twice as fast',
      '',
    ].join('\n');
  }
}

/** A file that can be started, as an AppImage is when it has been installed; `script` is what it then does. */
export function program(script = 'exit 0'): Buffer {
  return Buffer.from(`#!/bin/sh\n${script}\n# ${randomBytes(150_000).toString('hex')}\n`);
}
