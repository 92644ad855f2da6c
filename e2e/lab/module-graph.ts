/** A generated graph of modules with zips and checksums, and a project that needs all of it. */
import { createHash } from 'node:crypto';
import { escapeModule } from '../../shared/domain/module-path.ts';
import { zip } from './other-zip.ts';
import { DatabaseSigner, databaseFiles, type SumRecord } from './signed-database.ts';
import { h1 } from './sums.ts';

export interface ModuleGraph {
  /** Files by path below a proxy's base, escaped as in URLs but for percent-encoding. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly records: readonly SumRecord[];
  readonly signer: DatabaseSigner;
  /** go.mod and main.go of a project that imports every module. */
  readonly project: ReadonlyMap<string, string>;
  /** `path@version` of every module. */
  readonly modules: readonly { readonly path: string; readonly version: string }[];
}

/** One module version as files. */
export interface MadeModule {
  readonly record: SumRecord;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Makes `count` modules of some kilobytes each, every one requiring the next two. */
export function moduleGraph(count: number, zipBytes = 20_000): ModuleGraph {
  const pathOf = (i: number) => `graph.test/group${i % 7}/mod${i}`;
  const modules = Array.from({ length: count }, (_, i) => ({ path: pathOf(i), version: 'v1.0.0' }));
  const made = modules.map(({ path, version }, i) => {
    const needs = [i + 1, i + 2].filter((other) => other < count).map(pathOf);
    return makeModule(
      path,
      version,
      needs.map((need) => `${need} v1.0.0`),
      {
        'mod.go': `package mod\n\nimport (\n${needs.map((need) => `\t_ "${need}"\n`).join('')})\n\n/*\n${filler(path, zipBytes)}*/\n`,
      },
    );
  });
  const signer = new DatabaseSigner('sum.graph.test');
  const records = made.map(({ record }) => record);
  const files = new Map([...made.flatMap((one) => [...one.files]), ...databaseFiles(signer, records)]);
  const requires = modules.map(({ path, version }) => `\t${path} ${version}\n`).join('');
  const imports = modules.map(({ path }) => `\t_ "${path}"\n`).join('');
  const project = new Map([
    ['go.mod', `module project.test/main\n\ngo 1.19\n\nrequire (\n${requires})\n`],
    ['main.go', `package main\n\nimport (\n${imports})\n\nfunc main() {}\n`],
  ]);
  return { files, records, signer, project, modules };
}

/** The files of one module version, with the sums that `go` would write. */
export function makeModule(
  path: string,
  version: string,
  requires: readonly string[],
  sources: Readonly<Record<string, string>>,
): MadeModule {
  const needs = requires.map((need) => `require ${need}\n`).join('');
  const mod = `module ${path}\n\ngo 1.19\n${needs === '' ? '' : `\n${needs}`}`;
  const entries = Object.entries({ 'go.mod': mod, ...sources }).map(
    ([name, text]) => [`${path}@${version}/${name}`, text] as const,
  );
  const content = zip(entries);
  const hash = h1(entries);
  const base = `${escapeModule(path)}/@v`;
  const info = JSON.stringify({ Version: version, Time: '2024-01-10T08:00:00Z' });
  return {
    record: { path, version, zip: hash, mod: h1([['go.mod', mod]]) },
    files: new Map([
      [`${base}/list`, Buffer.from(`${version}\n`)],
      [`${base}/${escapeModule(version)}.info`, Buffer.from(info)],
      [`${base}/${escapeModule(version)}.mod`, Buffer.from(mod)],
      [`${base}/${escapeModule(version)}.zip`, content],
      [`${escapeModule(path)}/@latest`, Buffer.from(info)],
    ]),
  };
}

/** Text that does not repeat. */
function filler(seed: string, bytes: number): string {
  const lines: string[] = [];
  for (let i = 0; lines.length * 65 < bytes; i += 1) {
    lines.push(createHash('sha256').update(`${seed} ${i}`).digest('hex'));
  }
  return `${lines.join('\n')}\n`;
}
