/** Links as strangers would write them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import { DONE, succeeded } from '../../shared/domain/outcome.ts';
import { translator } from '../../shared/messages/messages.ts';
import { linkIn, readLink } from './link.ts';
import { LinkDesk, type LinkQuestion } from './link-desk.ts';

it.each([
  ['gopherbar://use/china-pipe', { kind: 'use', profileId: 'china-pipe' }],
  ['gopherbar://use/a%3Ab', { kind: 'use', profileId: 'a:b' }],
  ['gopherbar://doctor?target=proxy.golang.org', { kind: 'doctor', target: 'proxy.golang.org' }],
  ['gopherbar://doctor/?target=golang.org%2Fx%2Ftext%40v0.3.0', { kind: 'doctor', target: 'golang.org/x/text@v0.3.0' }],
  ['gopherbar://doctor?target=http://10.0.0.2:8081/go', { kind: 'doctor', target: 'http://10.0.0.2:8081/go' }],
])('reads %s', (text, link) => expect(readLink(text)).toEqual(link));

const ATTACKS = [
  '',
  'gopherbar:',
  'gopherbar://',
  'gopherbar:use/x',
  'gopherbar://use',
  'gopherbar://use/',
  'gopherbar://use/a/b',
  'gopherbar://use/../settings',
  'gopherbar://use/%2e%2e%2fsettings',
  'gopherbar://use/x?confirm=no',
  'gopherbar://use/x#y',
  'gopherbar://use/%00',
  'gopherbar://use/%0A--allow-program',
  'gopherbar://use/%E0%A4%A',
  'gopherbar://use/$(reboot)',
  'gopherbar://use/x;rm%20-rf%20~',
  'gopherbar://use/x\n--yes',
  'gopherbar://use/\u202Etxt',
  'gopherbar://user:password@use/x',
  'gopherbar://use:80/x',
  'gopherbar://quit',
  'gopherbar://config/set?key=go.path&value=/tmp/evil',
  'gopherbar://import?file=/tmp/evil.json',
  'gopherbar://doctor',
  'gopherbar://doctor?target=',
  'gopherbar://doctor?target=-rf/x.y',
  'gopherbar://doctor?target=a&target=b',
  'gopherbar://doctor?target=a&fix=apply',
  'gopherbar://doctor?Target=a',
  'gopherbar://doctor?target=file:///etc/passwd',
  'gopherbar://doctor?target=../../etc/passwd',
  'gopherbar://doctor?target=https://me:password@host.test/',
  'gopherbar://doctor?target=https://me:password@host.test',
  'gopherbar://doctor?target=$(reboot)',
  'gopherbar://doctor?target=a%0D%0AHost:%20b',
  'gopherbar://doctor?target=%F0%9F%92%A3.test',
  'gopherbar://doctor/x?target=a.test',
  `gopherbar://use/${'x'.repeat(101)}`,
  `gopherbar://doctor?target=${'a'.repeat(1_000)}`,
  'https://use/x',
  'javascript:alert(1)',
  '--gopherbar://use/x',
];

it.each(ATTACKS)('refuses %j', (text) => expect(readLink(text)).toBeNull());

it('finds a link among arguments, never the program itself', () => {
  expect(linkIn(['/opt/gopherbar', '--show', 'gopherbar://use/x'])).toBe('gopherbar://use/x');
  expect(linkIn(['gopherbar://use/x'])).toBeNull();
  expect(linkIn(['/opt/gopherbar', '--x=gopherbar://use/x'])).toBeNull();
});

describe('a link that is followed', () => {
  let asked: LinkQuestion[];
  let done: string[];
  let said: string[];
  let answer: () => Promise<boolean>;
  let desk: LinkDesk;
  const [first] = sampleSnapshot().profiles;
  const id = first?.profile.id ?? '';

  beforeEach(() => {
    asked = [];
    done = [];
    said = [];
    answer = async () => true;
    const args = ['env', '-w', 'GOPROXY=https://me:canary@proxy.test,direct'];
    desk = new LinkDesk({
      snapshot: () => sampleSnapshot(),
      plan: async () => succeeded({ variables: [], git: [], commands: [{ tool: 'go', args }], leftOut: [] }),
      use: async (profileId) => {
        done.push(`use ${profileId}`);
        return DONE;
      },
      diagnose: (target) => {
        done.push(`doctor ${target}`);
        return DONE;
      },
      confirm: (question) => {
        asked.push(question);
        return answer();
      },
      say: async (text) => void said.push(text),
      translate: () => translator('en'),
      language: () => 'en',
    });
  });

  it('does what the person confirmed, and names it before: commands without passwords', async () => {
    await desk.follow(`gopherbar://use/${id}`);
    expect(asked[0]?.detail).toContain('go env -w');
    expect(asked[0]?.detail).not.toContain('canary');
    await desk.follow('gopherbar://doctor?target=proxy.golang.org');
    expect(asked[1]?.title).toContain('proxy.golang.org');
    expect(done).toEqual([`use ${id}`, 'doctor proxy.golang.org']);
    expect(said).toEqual([]);
  });

  it('does nothing after a no', async () => {
    answer = async () => false;
    await desk.follow(`gopherbar://use/${id}`);
    await desk.follow('gopherbar://doctor?target=proxy.golang.org');
    expect(asked).toHaveLength(2);
    expect(done).toEqual([]);
  });

  it('asks nothing for a profile that is not here, and says so', async () => {
    await desk.follow('gopherbar://use/no-such-profile');
    expect({ asked, done }).toEqual({ asked: [], done: [] });
    expect(said[0]).toContain('no-such-profile');
  });

  it.each(ATTACKS)('neither asks nor does anything for %j, and says so in one short line', async (text) => {
    await desk.follow(text);
    expect({ asked, done }).toEqual({ asked: [], done: [] });
    expect(said).toHaveLength(1);
    expect(said[0]?.length).toBeLessThan(260);
    expect(said[0]).not.toMatch(/[\n\r\u202E]|me:password/);
  });

  it('asks one question at a time, however many links a page opens', async () => {
    let close: (isYes: boolean) => void = () => {};
    answer = () => new Promise((resolve) => (close = resolve));
    const open = desk.follow(`gopherbar://use/${id}`);
    for (let i = 0; i < 50; i++) await desk.follow('gopherbar://doctor?target=proxy.golang.org');
    close(false);
    await open;
    expect(asked).toHaveLength(1);
    expect({ done, said }).toEqual({ done: [], said: [] });
  });
});
