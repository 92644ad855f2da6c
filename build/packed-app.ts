/** What a packed macOS app must be: checked by the tests on a stand-in, and by every packaging on the real thing. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractFile, getRawHeader, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import plist from 'plist';

/** Files of the archive, by pattern; each pattern must match one at least. Chunks have a hash in their names. */
const ARCHIVE: readonly RegExp[] = [
  /^\/package\.json$/,
  /^\/out\/commit$/,
  /^\/out\/variant$/,
  /^\/out\/licences\.json$/,
  /^\/out\/main\/index\.cjs$/,
  /^\/out\/main\/gateway-process\.cjs$/,
  /^\/out\/main\/history-worker\.cjs$/,
  /^\/out\/main\/probe-worker\.cjs$/,
  /^\/out\/main\/traffic-worker\.cjs$/,
  /^\/out\/(?:main|cli)\/(?:en|zh-CN)\.texts$/,
  /^\/out\/preload\/index\.cjs$/,
  /^\/out\/cli\/gopherbar\.cjs$/,
  /^\/out\/cli\/[\w.-]+-[\w-]{8}\.cjs$/,
  /^\/out\/icons\/[a-z]+(?:Template)?(?:@2x)?\.png$/,
  /^\/out\/renderer\/index\.html$/,
  /^\/out\/renderer\/dashboard\.html$/,
  /^\/out\/renderer\/assets\/[\w.-]+-[\w-]{8}\.(?:js|css)$/,
];

/** What lies beside the archive. */
const RESOURCES: readonly string[] = [
  'LICENSE.electron.txt',
  'LICENSES.chromium.html',
  'app.asar',
  'bin/gopherbar',
  'icon.icns',
];
/** app-update.yml comes with the targets that are updated; the folders of languages are empty in Electron's own releases. */
const OPTIONAL_RESOURCES = /^(?:app-update\.yml|(?:en|zh_CN)\.lproj\/.*)$/;

/** The state of each fuse that decides what the runtime may be made to do. */
const FUSES: readonly (readonly [FuseV1Options, boolean])[] = [
  [FuseV1Options.RunAsNode, false],
  [FuseV1Options.EnableCookieEncryption, true],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, false],
  [FuseV1Options.EnableNodeCliInspectArguments, false],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, true],
  [FuseV1Options.OnlyLoadAppFromAsar, true],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, false],
];

/** Everything that is not as it must be; [] = the app may ship. */
export async function packedAppProblems(app: string): Promise<readonly string[]> {
  const resources = join(app, 'Contents', 'Resources');
  const archive = join(resources, 'app.asar');
  if (!existsSync(archive)) return ['no app.asar'];
  return [
    ...archiveProblems(archive),
    ...resourceProblems(resources),
    ...integrityProblems(app, archive),
    ...(await fuseProblems(app)),
  ];
}

/** Files of an archive, folders left out. */
function filesOf(archive: string): readonly string[] {
  const all = listPackage(archive, { isPack: false });
  return all.filter((path) => !all.some((other) => other.startsWith(`${path}/`)));
}

function archiveProblems(archive: string): readonly string[] {
  const files = filesOf(archive);
  const variant = files.includes('/out/variant') ? extractFile(archive, 'out/variant').toString().trim() : 'none';
  return [
    ...files.filter((file) => !ARCHIVE.some((pattern) => pattern.test(file))).map((file) => `not needed: ${file}`),
    ...ARCHIVE.filter((pattern) => !files.some((file) => pattern.test(file))).map((pattern) => `missing: ${pattern}`),
    ...(variant === 'shipping' ? [] : [`the variant is ${variant}`]),
  ];
}

function resourceProblems(resources: string): readonly string[] {
  const files = readdirSync(resources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(resources.length + 1));
  return [
    ...files
      .filter((file) => !RESOURCES.includes(file) && !OPTIONAL_RESOURCES.test(file))
      .map((file) => `not needed: ${file}`),
    ...RESOURCES.filter((file) => !files.includes(file)).map((file) => `missing: ${file}`),
  ];
}

/** Electron compares the hash of the archive's header in Info.plist with the archive; the header has those of the files. */
function integrityProblems(app: string, archive: string): readonly string[] {
  const info = plist.parse(readFileSync(join(app, 'Contents', 'Info.plist'), 'utf8')) as Record<string, unknown>;
  const { headerString, header } = getRawHeader(archive);
  const hash = createHash('sha256').update(headerString).digest('hex');
  const stated = info.ElectronAsarIntegrity as Record<string, { readonly hash?: string } | undefined> | undefined;
  const problems = stated?.['Resources/app.asar']?.hash === hash ? [] : ['Info.plist states another hash of app.asar'];
  for (const path of filesOf(archive)) {
    const name = path.slice(1);
    const expected = integrityOf(header, name.split('/'));
    const actual = createHash('sha256').update(extractFile(archive, name)).digest('hex');
    if (expected !== actual) problems.push(`app.asar: ${name} is not what its header says`);
  }
  return problems;
}

function integrityOf(header: unknown, [name = '', ...rest]: readonly string[]): string | null {
  const { files = {} } = header as { readonly files?: Readonly<Record<string, unknown>> };
  const entry = files[name];
  if (rest.length > 0) return integrityOf(entry, rest);
  return (entry as { readonly integrity?: { readonly hash: string } } | undefined)?.integrity?.hash ?? null;
}

async function fuseProblems(app: string): Promise<readonly string[]> {
  const wire = await getCurrentFuseWire(app);
  return FUSES.filter(([fuse, on]) => String(wire[fuse]) !== String((on ? '1' : '0').charCodeAt(0))).map(
    ([fuse, on]) => `fuse ${FuseV1Options[fuse]} is not ${on ? 'on' : 'off'}`,
  );
}
