import { expect, it } from 'vitest';
import { addressesIn } from './traced-addresses.ts';

it('reads the addresses that a program went to, each once, without loopback', () => {
  const record = [
    '12 connect(18, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.9")}, 16) = -1 EINPROGRESS',
    '12 connect(18, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
    '13 sendto(20, "...", 30, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 30',
    '13 sendmmsg(5, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.9")}}}], 1, 0) = 1',
    '14 connect(3, {sa_family=AF_UNIX, sun_path="/run/x"}, 9) = 0',
    '14 connect(3, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("198.51.100.1")}, 16) = 0',
  ].join('\n');
  expect(addressesIn(record)).toEqual(['192.0.2.9', '2001:db8::1']);
});
