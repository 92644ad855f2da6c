import { expect, it } from 'vitest';
import { translator } from './messages.ts';
import { causeRemedy, remedyCommand } from './remedies.ts';

it.each(['en', 'zh-CN'] as const)('copies the setting that a remedy names, in %s', (language) => {
  const command = remedyCommand(causeRemedy(translator(language), 'connection-reset'));
  expect(command).toMatch(/^go env -w "GOPROXY=[^"]+"$/);
});

it.each([
  ['Run go env -u GOFLAGS.', 'go env -u GOFLAGS'],
  ['Turn it off: go env -w GOVCS=public:git. Then try again.', 'go env -w GOVCS=public:git'],
  ['把它加入：go env -w GOPRIVATE=corp.example。', 'go env -w GOPRIVATE=corp.example'],
  ['Check the spelling of the host.', null],
])('%s', (remedy, command) => {
  expect(remedyCommand(remedy)).toBe(command);
});
