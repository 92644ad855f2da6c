/** How `gopherbar policy parse` and `policy decide` are called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const policyParse = {
  name: 'policy parse',
  positionals: { file: { shows: 'file' } },
  options: {
    command: { value: 'command', required: true },
    json: {},
  },
  example: 'gopherbar policy parse --command "pfctl -sr" rules.txt --json',
} as const satisfies Declaration;

export type PolicyParseArguments = ArgumentsOf<typeof policyParse>;

export const policyDecide = {
  name: 'policy decide',
  options: {
    rules: { value: 'file', required: true },
    to: { value: 'host:port', required: true },
    proto: { value: 'protocol' },
    iface: { value: 'name' },
    user: { value: 'uid' },
    anchor: { value: 'path=file', as: 'list' },
    table: { value: 'name=file', as: 'list' },
    status: { value: 'file' },
    json: {},
  },
  example: 'gopherbar policy decide --rules rules.txt --to proxy.golang.org:443',
} as const satisfies Declaration;

export type PolicyDecideArguments = ArgumentsOf<typeof policyDecide>;
