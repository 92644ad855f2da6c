/** What a pf rule says, with every part that was printed. */

/** Names are those that `gopherbar policy parse` prints. */
export interface PfRule {
  /** The number of the rule in its ruleset; `-vv` only. */
  readonly nr?: number;
  readonly kind: string;
  readonly action: string;
  /** Path or pattern, such as `com.apple/*`; anchors only; '' = unnamed. */
  readonly anchor?: string;
  /** `drop`, `return`, `return-rst`, `return-icmp`; block only. */
  readonly blockMode?: string;
  /** What stands in the brackets after it: `ttl 5`, `port-unr, port-unr`. */
  readonly blockModeArgs?: string;
  readonly natPass?: true;
  readonly direction: 'in' | 'out' | null;
  readonly log?: true;
  /** What stands in the brackets after it: `all, user, to pflog1`. */
  readonly logOpts?: string;
  readonly quick: boolean;
  /** `! lo0` when negated. */
  readonly iface: string | null;
  readonly route?: PfRoute;
  readonly af: 'inet' | 'inet6' | null;
  readonly proto: string | null;
  readonly from: string;
  /** The bare value for `=`, else `op value`, `a:b`, `a >< b`. */
  readonly fromPort: string | null;
  readonly to: string;
  readonly port: string | null;
  readonly label: string | null;
  readonly user?: string;
  readonly group?: string;
  readonly flags?: string;
  readonly icmpType?: string;
  readonly icmpCode?: string;
  readonly tos?: string;
  readonly state?: string;
  /** What stands in the brackets after it: `source-track rule, max 5`. */
  readonly stateOpts?: string;
  readonly probability?: string;
  readonly fragment?: string;
  readonly scrubOpts?: readonly string[];
  readonly os?: string;
  readonly allowOpts?: true;
  readonly queue?: string;
  readonly tag?: string;
  readonly tagged?: string;
  readonly rtable?: string;
  readonly translation?: { readonly target: string; readonly port: string | null; readonly options?: string };
  readonly counters?: PfCounters;
  readonly inserted?: { readonly uid: number; readonly pid: number };
  /** Of an anchor whose rules were printed inside it. */
  readonly rules?: readonly PfRule[];
  /** Words that were not understood: the rule may mean more than is known. */
  readonly unknown?: readonly string[];
}

/** Where `route-to`, `reply-to` and `dup-to` send a packet. */
export interface PfRoute {
  readonly type: string;
  /** As printed; null for `fastroute`. */
  readonly target: string | null;
  /** The members of a target in braces, in order: `(utun4 10.8.0.1)`. */
  readonly pool?: readonly string[];
  /** How a member is chosen: `round-robin sticky-address`. */
  readonly options?: string;
}

/** How often a rule was met (`pfctl -v`). */
export interface PfCounters {
  readonly evaluations: number;
  readonly packets: number;
  readonly bytes: number;
  readonly states: number;
}
