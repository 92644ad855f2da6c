import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agentVariables, cronEnvironment, crontabVariables } from './jobs.ts';

it.each<[string, string, object | null]>([
  ['no job', '# m h dom mon dow command\nGOPROXY=direct\n', null],
  ['a job alone', '0 3 * * * cd ~/src && go build ./...\n', {}],
  [
    'quotes and spaces',
    'GOPROXY = "https://a|direct"\nPATH=/usr/local/go/bin:/bin\n@daily go test\n',
    { GOPROXY: 'https://a|direct', PATH: '/usr/local/go/bin:/bin' },
  ],
  ['the last value', 'GOPROXY=a\n* * * * * true\nGOPROXY=b\n* * * * * go test\n', { GOPROXY: 'b' }],
  ['nothing', '', null],
])('a crontab with %s', (_, text, expected) => {
  expect(crontabVariables(text)).toEqual(expected);
});

it('cron starts with little, and the crontab may change it', () => {
  const env = cronEnvironment({ HOME: '/h', USER: 'u', GOPROXY: 'shell', PATH: '/long' }, { PATH: '/p' });
  expect(env).toEqual({ HOME: '/h', USER: 'u', LOGNAME: 'u', SHELL: '/bin/sh', PATH: '/p' });
});

it('an agent counts when it sets a variable of go', () => {
  expect(agentVariables('{"GOPROXY":"x","N":1}')).toEqual({ GOPROXY: 'x' });
  expect(agentVariables('{"EDITOR":"vi"}')).toBeNull();
  for (const text of ['', 'null', '[]', 'plutil: no value at that key path']) expect(agentVariables(text)).toBeNull();
});

it('neither throws', () => {
  fc.assert(fc.property(fc.string(), (text) => void [crontabVariables(text), agentVariables(text)]));
});
