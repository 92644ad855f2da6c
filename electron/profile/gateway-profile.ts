/** The profile that points `go` at the local gateway. Made when it is wanted: it holds the person's own patterns. */
import type { GoVariables, Profile } from '../../shared/domain/profile.ts';

/** The id of the profile. */
export const GATEWAY_PROFILE = 'gateway';

/**
 * GOPROXY for a gateway at an address such as `http://127.0.0.1:8123`: `direct` behind the pipe, so that `go` works while
 * the gateway does not run; never a public proxy, which would learn of private modules. With a cooldown nothing follows:
 * `go` would fetch from the source what the gateway holds back.
 */
export function goproxyOf(address: string, cooldownDays: number): string {
  return cooldownDays > 0 ? address : `${address}|direct`;
}

/**
 * The profile for a gateway that is used by this GOPROXY, given what `go` uses now. An explicit GONOPROXY or GONOSUMDB switches GOPRIVATE off as its default, hence the union of all of them.
 */
export function gatewayProfile(goproxy: string, { GOPRIVATE, GONOPROXY, GONOSUMDB }: GoVariables): Profile {
  const unproxied = union([GOPRIVATE, GONOPROXY]);
  const unchecked = union([unproxied, GONOSUMDB]);
  return {
    id: GATEWAY_PROFILE,
    name: { en: 'Gateway', 'zh-CN': '本地网关' },
    explanation: {
      en: 'The gateway on this computer: it retries, verifies and caches. Without it go fetches from the source.',
      'zh-CN': '本机网关：自动重试、校验并缓存。网关未运行时，go 会直连源站。',
    },
    builtIn: true,
    variables: { GOPROXY: goproxy, GONOPROXY: unproxied, GONOSUMDB: unchecked },
    git: [],
    networks: [],
  };
}

function union(lists: readonly (string | undefined)[]): string {
  const globs = lists.flatMap((list) => (list ?? '').split(',')).filter((glob) => glob !== '' && glob !== 'none');
  return [...new Set(globs)].join(',');
}
