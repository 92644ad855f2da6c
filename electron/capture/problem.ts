/** What can be wrong with a capture file. A problem never hides what was readable before and around it. */

export type CaptureProblem =
  /** The file cannot be opened or read; `detail` is the system's code. */
  | { readonly key: 'unreadable'; readonly detail: string }
  /** Neither .pcap nor .pcapng (a compressed file is neither). */
  | { readonly key: 'not-a-capture' }
  /** The file ends within a record: a capture that was cut off, or is still being written. `offset` in bytes. */
  | { readonly key: 'truncated'; readonly offset: number }
  /** A length or a type that no writer makes; nothing after `offset` (bytes) can be trusted. */
  | { readonly key: 'corrupt'; readonly offset: number }
  /** Packets of a link type that is not decoded; `linkType` is tcpdump.org's number. */
  | { readonly key: 'unknown-link-type'; readonly linkType: number; readonly packets: number }
  /** Packets that are no whole IP, TCP or UDP packet: damaged, or cut short by the snapshot length. */
  | { readonly key: 'undecodable-packets'; readonly packets: number }
  /** IP fragments after the first: not put together. */
  | { readonly key: 'fragments'; readonly packets: number }
  /** Packets without a time stamp of their own (pcapng simple packet blocks): the times mean little. */
  | { readonly key: 'no-time-stamps'; readonly packets: number }
  /** More connections or DNS questions than are followed at once; the later ones were left out. */
  | { readonly key: 'too-many'; readonly packets: number }
  /** The key log holds none of the connections' secrets. */
  | { readonly key: 'keys-of-others' }
  /** tshark was asked for and is not installed. */
  | { readonly key: 'tshark-missing' }
  /** tshark ended with an error; `detail` is its last word. */
  | { readonly key: 'tshark-failed'; readonly detail: string }
  /** tshark's output was longer than what is kept of it. */
  | { readonly key: 'tshark-too-long' }
  /** The person stopped the reading; `offset` in bytes. */
  | { readonly key: 'cancelled'; readonly offset: number };
