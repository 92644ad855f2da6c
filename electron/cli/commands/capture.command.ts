/** How `gopherbar capture` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const capture = {
  name: 'capture',
  options: {
    file: { value: 'file', required: true },
    record: { value: 'host', as: 'list' },
    seconds: { value: 'seconds', as: 'seconds' },
    keylog: { value: 'file' },
    tshark: {},
    json: {},
  },
  example: "sudo tcpdump -i en0 -w go.pcap 'port 443 or port 53', then gopherbar capture --file go.pcap",
} as const satisfies Declaration;

export type CaptureArguments = ArgumentsOf<typeof capture>;
