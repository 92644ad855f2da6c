/** What `go install TOOL@latest` would fetch: read from the go.mod and go.sum of the tool's own zip. */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NeededModule } from '../../shared/domain/preflight.ts';
import { readInfo } from '../gateway/judge-answer.ts';
import type { ModuleRoute } from '../gateway/route.ts';
import type { ServableFile } from '../gateway/servable-file.ts';
import { textsOf } from '../integrity/zip-entries.ts';
import { MAX_MOD_FILE_BYTES, parseGoSum, parseModFile } from '../profile/preflight/go-mod.ts';
import { readRegularFile } from '../system/read-file.ts';
import type { OpenGateway } from './gateway.ts';
import { toolchainOf } from './offline.ts';

/** The language server of every Go editor. */
export const GOPLS = 'golang.org/x/tools/gopls';

/** The modules, the tool's own first, or why they are not known. */
export type ToolNeeds =
  | { readonly ok: true; readonly needed: readonly NeededModule[] }
  | { readonly ok: false; readonly reason: string };

/**
 * Asks the gateway for the newest version and its zip. `own` is the version of the go in use: a tool that wants a newer
 * one needs a toolchain as well.
 */
export async function neededByTool(
  gateway: Pick<OpenGateway, 'answer'>,
  path: string,
  own: string | null,
): Promise<ToolNeeds> {
  const latest = await contentOf(gateway, { kind: 'latest', path });
  if (!latest.ok) return latest;
  const body = latest.file.body ?? (await wholeFile(latest.file));
  const version = body === null ? null : (readInfo(body)?.version ?? null);
  if (version === null) return { ok: false, reason: 'the answer of the proxy names no version' };
  const zip = await contentOf(gateway, { kind: 'zip', path, version });
  if (!zip.ok) return zip;
  try {
    const prefix = `${path}@${version}`;
    const texts = await textsIn(zip.file, [`${prefix}/go.mod`, `${prefix}/go.sum`]);
    const mod = parseModFile(texts.get(`${prefix}/go.mod`) ?? '');
    if (!mod.ok) return { ok: false, reason: `go.mod:${mod.error.line}: ${mod.error.text}` };
    const sums = parseGoSum(texts.get(`${prefix}/go.sum`) ?? '');
    return { ok: true, needed: [{ path, version, part: 'zip' }, ...sums, ...toolchainOf(mod.file, own)] };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

type Content = { readonly ok: true; readonly file: ServableFile } | { readonly ok: false; readonly reason: string };

async function contentOf(gateway: Pick<OpenGateway, 'answer'>, route: ModuleRoute): Promise<Content> {
  const answer = await gateway.answer(route);
  return 'file' in answer ? { ok: true, file: answer.file } : { ok: false, reason: answer.text };
}

async function wholeFile({ file, bytes }: ServableFile): Promise<Buffer | null> {
  const read = await readRegularFile(file ?? '', bytes);
  return read.ok ? read.bytes : null;
}

/** A small zip may be in memory only. */
async function textsIn({ file, body }: ServableFile, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (file !== null) return textsOfFile(file, names);
  const folder = await mkdtemp(join(tmpdir(), 'gopherbar-zip-'));
  try {
    await writeFile(join(folder, 'zip'), body ?? '');
    return await textsOfFile(join(folder, 'zip'), names);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function textsOfFile(file: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const handle = await open(file, 'r');
  try {
    return await textsOf(handle.fd, names, MAX_MOD_FILE_BYTES);
  } finally {
    await handle.close();
  }
}
