/**
 * Real servers for the interop tests, from Debian's own packages: unpacked into the cache, never installed, never started
 * but by a test. Throws when they cannot be had: a test without its server would prove nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.mjs';

/** The servers, and the libraries that a lean system lacks. */
const PACKAGES = [
  'tinyproxy-bin',
  'dante-server',
  'dnsmasq-base',
  'nginx',
  ...[
    'libwrap0',
    'libpam0g',
    'libcrypt1',
    'libminiupnpc17',
    'libldap-2.5-0',
    'libidn2-0',
    'liblua5.4-0',
    'libdbus-1-3',
  ],
  ...[
    'libnetfilter-conntrack3',
    'libnfnetlink0',
    'libnftables1',
    'libnftnl11',
    'libmnl0',
    'libjansson4',
    'libxtables12',
  ],
  // Scrapes the metrics, and checks them, the rules and the configuration of docs/fleet.
  'prometheus',
  // A second opinion on captures, and captures of real connections.
  'tshark',
  'tcpdump',
  'libwireshark16',
  'libwiretap13',
  'libwsutil14',
  'libpcap0.8',
  'libbcg729-0',
  'libc-ares2',
  'liblua5.2-0',
  'libmaxminddb0',
  'libnl-3-200',
  'libnl-genl-3-200',
  'libsbc1',
  'libsmi2ldbl',
  'libsnappy1v5',
  'libspandsp2',
  'libspeexdsp1',
  'libssh-gcrypt-4',
];

const PROGRAMS = {
  tinyproxy: 'usr/bin/tinyproxy',
  danted: 'usr/sbin/danted',
  dnsmasq: 'usr/sbin/dnsmasq',
  nginx: 'usr/sbin/nginx',
  tshark: 'usr/bin/tshark',
  tcpdump: 'usr/bin/tcpdump',
  prometheus: 'usr/bin/prometheus',
  promtool: 'usr/bin/promtool',
};

/** @typedef {keyof typeof PROGRAMS} Program */

function folder() {
  return join(cacheFolder(), 'interop-2');
}

/** Gets and unpacks the packages once. */
export function ensureInteropParts() {
  if (Object.values(PROGRAMS).every((path) => existsSync(join(folder(), path)))) return;
  console.error(`interop: getting ${PACKAGES.length} Debian packages, unpacked beside the system's`);
  mkdirSync(cacheFolder(), { recursive: true });
  const scratch = mkdtempSync(join(cacheFolder(), 'unpacking-'));
  try {
    const root = join(scratch, 'root');
    mkdirSync(root);
    const got = spawnSync('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', 'download', ...PACKAGES], {
      cwd: scratch,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (got.status !== 0) throw new Error('apt-get download failed: run apt-get update and try again');
    for (const file of globSync('*.deb', { cwd: scratch })) spawnSync('dpkg', ['-x', join(scratch, file), root]);
    rmSync(folder(), { recursive: true, force: true });
    renameSync(root, folder());
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * One server's executable and the environment that leads it to its libraries.
 * @param {Program} program
 */
export function interopPart(program) {
  const libraries = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu'].map((path) => join(folder(), path));
  return {
    file: join(folder(), PROGRAMS[program]),
    env: { PATH: process.env.PATH ?? '', LD_LIBRARY_PATH: libraries.join(':') },
  };
}

/**
 * A folder for PATH with one program in it that finds its libraries in any environment: what looks it up by name starts it
 * with an environment of its own.
 * @param {Program} program
 */
export function interopPath(program) {
  const { file, env } = interopPart(program);
  const wrappers = join(folder(), 'wrappers');
  mkdirSync(wrappers, { recursive: true });
  const script = `#!/bin/sh\nLD_LIBRARY_PATH='${env.LD_LIBRARY_PATH}' exec '${file}' "$@"\n`;
  writeFileSync(join(wrappers, program), script, { mode: 0o755 });
  return wrappers;
}
