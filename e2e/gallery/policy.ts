/** A made-up reading of a Mac's policies, for pictures. */
import type { PolicyReading, PolicyUse } from '../../shared/domain/policy.ts';

export const USES: readonly PolicyUse[] = [
  { at: Date.now() - 60_000, command: 'osascript: pfctl -s …', outcome: 'done' },
  { at: Date.now() - 86_400_000, command: 'osascript: pfctl -s …', outcome: 'declined' },
];

export function policyAt(now: number): PolicyReading {
  const before = [
    { layer: 'dns', state: 'passes', detail: '192.168.1.1' },
    { layer: 'system-proxy', state: 'no-part', detail: '127.0.0.1:7890' },
    { layer: 'route', state: 'passes', detail: 'en0 192.168.1.1' },
    { layer: 'local-network', state: 'no-part', detail: '' },
    { layer: 'content-filter', state: 'present', detail: 'com.objective-see.lulu.extension' },
  ] as const;
  const after = [
    { layer: 'application-firewall', state: 'no-part', detail: 'on' },
    { layer: 'tcc', state: 'no-part', detail: '' },
  ] as const;
  const rule = 'block drop out quick proto tcp from any to any port = 443 label "no-https"';
  return {
    at: now - 60_000,
    available: true,
    privileged: true,
    prompt: 'done',
    macos: '26.5.2',
    pfEnabled: true,
    paths: [
      {
        endpoint: 'proxy.golang.org',
        address: '142.250.72.81',
        port: 443,
        layers: [...before, { layer: 'pf', state: 'blocks', detail: rule }, ...after],
      },
      {
        endpoint: 'goproxy.corp.example',
        address: '192.168.1.20',
        port: 8081,
        layers: [
          ...before.slice(0, 3),
          { layer: 'local-network', state: 'unknown', detail: '' },
          before[4],
          { layer: 'pf', state: 'passes', detail: 'default' },
          ...after,
        ],
      },
    ],
    rules: [
      {
        anchor: 'main',
        position: 0,
        text: 'scrub-anchor "com.apple/*" all fragment reassemble',
        decidesFor: [],
        blocks: false,
        isNew: false,
      },
      { anchor: 'main', position: 1, text: 'anchor "com.apple/*" all', decidesFor: [], blocks: false, isNew: false },
      { anchor: 'main', position: 2, text: rule, decidesFor: ['proxy.golang.org'], blocks: true, isNew: true },
    ],
    goneRules: [],
    previousAt: now - 3 * 86_400_000,
    unreadAnchors: ['com.apple/*'],
    resolvers: ['192.168.1.1', 'corp.example → 10.20.0.53'],
    proxies: ['127.0.0.1:7890'],
    extensions: ['com.objective-see.lulu.extension'],
    vpns: ['Office'],
    firewall: 'on',
    setByHand: ['Wi-Fi: 192.168.1.1'],
    goSignedBy: 'Developer ID Application: Google LLC (EQHXZ8M8AV)',
    apps: [
      {
        bundleId: 'com.apple.Terminal',
        name: 'Terminal',
        services: { SystemPolicyAllFiles: { decision: 'denied', reason: 'Service Policy', at: now - 5 * 86_400_000 } },
      },
      {
        bundleId: 'com.googlecode.iterm2',
        name: 'iTerm2',
        services: {
          SystemPolicyAllFiles: { decision: 'allowed', reason: 'System Set', at: now - 9 * 86_400_000 },
          AppleEvents: { decision: 'limited', reason: 'User Consent', at: now - 9 * 86_400_000 },
        },
      },
      { bundleId: 'com.jetbrains.goland', name: 'GoLand', services: {} },
    ],
    unread: [],
  };
}
