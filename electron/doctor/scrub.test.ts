import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrubber } from './scrub.ts';

const scrub = scrubber({
  home: '/Users/lin',
  user: 'lin',
  privateGlobs: 'git.acme.cn,*.corp.example.com/secret*,github.com/acme',
  privateHosts: ['code.acme.test'],
});

describe('scrubber', () => {
  it.each([
    ['GOPROXY=https://lin:hunter2@proxy.example.com', 'GOPROXY=https://xxxxx@proxy.example.com'],
    ['/Users/lin/go/pkg/mod', '~/go/pkg/mod'],
    ['/home/someone/x', '/home/USER/x'],
    ['user lin, linter', 'user USER, linter'],
    ['dial tcp 10.1.2.3:443', 'dial tcp internal-address-1:443'],
    ['127.0.0.1 and 8.8.8.8', '127.0.0.1 and 8.8.8.8'],
  ])('%s', (text, expected) => {
    const fresh = scrubber({ home: '/Users/lin', user: 'lin', privateGlobs: '', privateHosts: [] });
    expect(fresh(text).replace(/\/\/[^@/]*@/, '//xxxxx@')).toBe(expected);
  });

  it('replaces private modules and internal hosts, the same by the same', () => {
    const first = scrub('git.acme.cn/team/pay@v1.2.3 by goproxy.corp');
    expect(first).not.toMatch(/acme|goproxy\.corp/);
    expect(scrub('git.acme.cn/team/pay again')).toContain(first.split('@')[0] ?? '?');
    expect(scrub('a.corp.example.com/secrets/x')).not.toContain('secrets');
    expect(scrub('code.acme.test/x/y: 404')).not.toContain('acme');
    expect(scrub('github.com/acme/billing and github.com/acmeother/x')).toMatch(
      /^private-module-\d+ and github\.com\/acmeother\/x$/,
    );
    expect(scrub('golang.org/x/text')).toBe('golang.org/x/text');
  });

  it.each([
    ['git@code.acme.test:team/repo.git', 'git@private-module-1'],
    ['ci.code.acme.test and CODE.ACME.TEST/x', 'private-module-1 and private-module-2'],
    ['code.acme.test.example.org', 'code.acme.test.example.org'],
    ['github.com/!acme/billing', 'private-module-1'],
    ['lin@acme.example wrote', 'email-1 wrote'],
    ['golang.org/x/text@v0.3.0', 'golang.org/x/text@v0.3.0'],
    ['en0 aa:bb:cc:dd:ee:ff', 'en0 hardware-address'],
    ['https://lin:hunter2@proxy.example.com', 'https://USER:xxxxx@proxy.example.com'],
    ['Authorization: Bearer abc', 'Authorization: xxxxx'],
    ['?access_token=zzz', '?access_token=xxxxx'],
  ])('%s', (text, expected) => {
    const fresh = scrubber({
      home: '/Users/lin',
      user: 'lin',
      privateGlobs: 'github.com/acme',
      privateHosts: ['code.acme.test'],
    });
    expect(fresh(text)).toBe(expected);
  });

  it('leaves nothing private whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
        fc.constantFrom(' ', '"', "'", '(', ':', '\n', '='),
        (text, edge) => {
          const clean = scrub(`${text}${edge}github.com/acme/billing${edge}/Users/lin/x${edge}10.0.0.7${edge}`);
          expect(clean).not.toContain('github.com/acme/billing');
          expect(clean).not.toContain('/Users/lin');
          expect(clean).not.toContain('10.0.0.7');
        },
      ),
    );
  });

  it('takes globs that are no patterns as they are', () => {
    const odd = scrubber({ home: undefined, user: undefined, privateGlobs: 'a[b,*,(,', privateHosts: [''] });
    expect(odd('a[b/c and more')).toMatch(/^private-module-1 and more$/);
    expect(odd('x (y)')).toContain('x ');
  });
});
