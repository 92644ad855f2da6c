/** Where operators of public hosts report their own incidents. */
import type { EpochMs } from './units.ts';

/** A feed that a person may allow the doctor to read. */
export interface StatusFeed {
  readonly id: 'github' | 'bitbucket' | 'google-cloud';
  /** The operator, a name in every language. */
  readonly by: string;
  readonly url: string;
  /** `statuspage`: Atlassian Statuspage's API v2; `google`: incidents.json of Google Cloud. */
  readonly format: 'statuspage' | 'google';
  /** Hosts that it speaks of, with all below them. */
  readonly hosts: readonly string[];
}

/** Only feeds that their operators document. goproxy.cn and goproxy.io have none. */
export const STATUS_FEEDS: readonly StatusFeed[] = [
  {
    id: 'github',
    by: 'GitHub',
    url: 'https://www.githubstatus.com/api/v2/incidents/unresolved.json',
    format: 'statuspage',
    hosts: ['github.com', 'githubusercontent.com'],
  },
  {
    id: 'bitbucket',
    by: 'Bitbucket',
    url: 'https://bitbucket.status.atlassian.com/api/v2/incidents/unresolved.json',
    format: 'statuspage',
    hosts: ['bitbucket.org'],
  },
  {
    id: 'google-cloud',
    by: 'Google Cloud',
    url: 'https://status.cloud.google.com/incidents.json',
    format: 'google',
    hosts: ['proxy.golang.org', 'sum.golang.org', 'storage.googleapis.com', 'go.googlesource.com', 'go.dev'],
  },
];

/** An incident that its operator has not declared over. */
export interface ReportedIncident {
  /** One line, at most 200 characters. */
  readonly title: string;
  readonly since: EpochMs;
}

/** Feeds that speak of at least one of the hosts. */
export function feedsFor(hosts: readonly string[]): readonly StatusFeed[] {
  const isOf = (host: string, name: string) => host === name || host.endsWith(`.${name}`);
  return STATUS_FEEDS.filter((feed) => hosts.some((host) => feed.hosts.some((name) => isOf(host.toLowerCase(), name))));
}
