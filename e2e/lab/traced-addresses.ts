/** Which addresses a program went to, from what strace(1) recorded of it. Pure. */

/** `sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")` and its IPv6 form, which has a flow label between the two. */
const ADDRESS = /(?:sin_addr=inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)")/g;

/**
 * Each address once; loopback is left out, and so is asking which way a packet would take: a datagram socket that is
 * connected and never sends, to port 9 or 0 (getaddrinfo sorts answers so, RFC 6724).
 */
export function addressesIn(record: string): readonly string[] {
  const found = record.split('\n').flatMap((line) => {
    if (/htons\((?:0|9)\)/.test(line)) return [];
    return [...line.matchAll(ADDRESS)].map(([, four, six]) => four ?? six ?? '');
  });
  return [...new Set(found)].filter((one) => !/^127\.|^::1$|^::ffff:127\.|^0\.0\.0\.0$|^::$/.test(one));
}
