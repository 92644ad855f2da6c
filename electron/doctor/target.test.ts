import { describe, expect, it } from 'vitest';
import { readTarget } from './target.ts';

const known = [{ id: 'cn', kind: 'goproxy', name: 'goproxy.cn', url: 'https://goproxy.cn' } as const];
const kindOf = (text: string) => {
  const target = readTarget(text, known);
  return target?.kind === 'host' ? `${target.kind} ${target.endpoint.kind} ${target.endpoint.url}` : target?.kind;
};

describe('readTarget', () => {
  it.each([
    ['', 'in-force'],
    ['  ', 'in-force'],
    ['cn', 'host goproxy https://goproxy.cn'],
    ['goproxy.cn', 'host goproxy https://goproxy.cn'],
    ['https://goproxy.cn/', 'host goproxy https://goproxy.cn'],
    ['proxy.example.com', 'host goproxy https://proxy.example.com'],
    ['localhost:8080', 'host goproxy https://localhost:8080'],
    ['http://10.0.0.2:8081/go', 'host goproxy http://10.0.0.2:8081/go'],
    ['sum.golang.org', 'host sumdb https://sum.golang.org'],
    ['github.com', 'host vcs https://github.com'],
    ['golang.org/x/text', 'module'],
    ['golang.org/x/text@v0.3.0', 'module'],
    ['gopkg.in/yaml.v3@latest', 'module'],
    ['what is this', undefined],
    ['ftp://host/x', undefined],
    ['../../etc/passwd', undefined],
    ['$(reboot)', undefined],
    ['-rf/x.y', undefined],
    ['http://[', undefined],
    ['https://host:99999/x', undefined],
    ['localhost:99999', undefined],
    ['[::g]', undefined],
  ])('%s → %s', (text, kind) => expect(kindOf(text)).toBe(kind));

  it('asks for the newest version when none is named', () => {
    expect(readTarget('golang.org/x/text', [])).toMatchObject({ module: { version: 'latest' }, hasVersion: false });
    expect(readTarget('golang.org/x/text@v0.3.0', [])).toMatchObject({
      module: { version: 'v0.3.0' },
      hasVersion: true,
    });
  });
});
