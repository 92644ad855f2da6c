/** `gopherbar explain` from files and standard input. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, useCommandLab } from '../../e2e/command-lab.ts';
import { expectSchema } from '../../e2e/expect-schema.ts';

const cli = useCommandLab();
const { gopherbar, begin } = cli;

describe('explain', () => {
  const TEXT = 'go: golang.org/x/text@v0.14.0: Get "https://me:s3cret@goproxy.cn/x": EOF\n';

  it('reads a file or standard input, prints text or JSON', async () => {
    const file = join(cli.home.folder, 'log.txt');
    writeFileSync(file, TEXT);
    const json = await gopherbar('explain', file, '--json');
    expect(json.code).toBe(1);
    const parsed = JSON.parse(json.out);
    expectSchema('explain', parsed);
    expect(parsed.findings).toMatchObject([{ cause: 'eof-no-response', host: 'goproxy.cn', retryable: true }]);
    expect(json.out).not.toContain('s3cret');
    const child = begin(['explain', '-', '--lang', 'zh-CN']);
    child.stdin?.write(TEXT);
    const words = await ended(child);
    expect(words.out).toMatch(/eof-no-response/);
    expect(words.out).toMatch(/[\u4e00-\u9fff]/);
  });

  it('finds nothing in good output, the end of long output, and reports what it cannot read', async () => {
    const file = join(cli.home.folder, 'long.txt');
    writeFileSync(file, 'go: downloading a.example/m v1.0.0\n');
    expect((await gopherbar('explain', file)).code).toBe(0);
    writeFileSync(file, `${'building a package that compiles\n'.repeat(700_000)}${TEXT}`);
    expect(JSON.parse((await gopherbar('explain', file, '--json')).out).findings).toHaveLength(1);
    expect(await gopherbar('explain', join(cli.home.folder, 'none'))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/ENOENT/),
    });
  });

  it('reads the output of go with -json', async () => {
    const file = join(cli.home.folder, 'json.txt');
    writeFileSync(
      file,
      `${JSON.stringify({ Path: 'a.example/m', Error: 'a.example/m@v1.0.0: module lookup disabled by GOPROXY=off' }, null, '\t')}\n`,
    );
    expect(JSON.parse((await gopherbar('explain', file, '--json')).out).findings[0]).toMatchObject({
      cause: 'goproxy-off',
    });
  });
});
