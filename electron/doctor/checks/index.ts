/** Every check, from the bottom of the stack to its top. */
import { connectCheck } from './connect.ts';
import { dnsCheck } from './dns.ts';
import { downloadCheck } from './download.ts';
import { forwardProxyCheck } from './forward-proxy.ts';
import { gitCheck } from './git.ts';
import { goEnvironmentCheck } from './go-environment.ts';
import { goproxyCheck } from './goproxy.ts';
import { httpCheck } from './http.ts';
import { networkCheck } from './network.ts';
import { policyCheck } from './policy.ts';
import { statusCheck } from './status.ts';
import { sumdbCheck } from './sumdb.ts';
import { tlsCheck } from './tls.ts';

/** In the order in which they run and are shown. */
export const CHECKS = [
  networkCheck,
  dnsCheck,
  connectCheck,
  tlsCheck,
  httpCheck,
  goproxyCheck,
  sumdbCheck,
  gitCheck,
  forwardProxyCheck,
  goEnvironmentCheck,
  policyCheck,
  downloadCheck,
  statusCheck,
] as const;
