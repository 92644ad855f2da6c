import { expect, it } from 'vitest';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import { contactsOf } from './contacts.ts';

const ENDPOINTS = [
  { url: 'https://user:secret@proxy.test/go', kind: 'goproxy' },
  { url: 'udp://192.0.2.53', kind: 'dns' },
] as const;

it('lists endpoints, the resolver and the resolvers of the doctor, each with its reason', () => {
  const contacts = contactsOf({
    monitor: { endpoints: ENDPOINTS, network: { resolver: '192.0.2.1:53' } },
    gateway: { upstreams: [] },
    updateFeeds: [],
    metricsCollector: 'https://collector.test/otlp',
    doctorResolvers: ['https://doh.test/dns-query'],
    statusFeeds: false,
  });
  expect(contacts.map(({ reason }) => reason)).toEqual([
    'goproxy',
    'dns',
    'resolver',
    'doctor',
    'vulnerabilities',
    'metrics',
  ]);
  expect(contacts.slice(1, 4).map(({ host }) => host)).toEqual([
    'udp://192.0.2.53',
    '192.0.2.1:53',
    'https://doh.test/dns-query',
  ]);
});

it('shows no password, and no resolver when none is set', () => {
  const contacts = contactsOf({
    monitor: { endpoints: ENDPOINTS, network: {} },
    gateway: { upstreams: [] },
    updateFeeds: [],
    metricsCollector: null,
    doctorResolvers: [],
    statusFeeds: false,
  });
  expect(contacts).toHaveLength(3);
  expect(JSON.stringify(contacts)).not.toContain('secret');
  expect(contacts[0]?.host).toContain('proxy.test');
});

it('lists what go and profiles use once each', () => {
  const profiles = [{ variables: { GOPROXY: 'https://a.test|https://b.test,direct' } }];
  const settings = {
    monitor: { endpoints: [], network: {} },
    gateway: { upstreams: [] },
    updateFeeds: [],
    metricsCollector: null,
    doctorResolvers: [],
    statusFeeds: false,
    profiles,
  };
  const effective = { GOPROXY: 'https://a.test,off', GOSUMDB: 'off' };
  expect(contactsOf(settings, effective, 'https://me:secret@vuln.test')).toEqual([
    { host: 'https://a.test', reason: 'go' },
    { host: 'https://sum.golang.org', reason: 'go' },
    { host: 'https://b.test', reason: 'profile' },
    { host: redactUrl('https://me:secret@vuln.test'), reason: 'vulnerabilities' },
  ]);
});

it('lists update servers, and where GitHub redirects their downloads', () => {
  const settings = {
    monitor: { endpoints: [], network: {} },
    gateway: { upstreams: [] },
    doctorResolvers: [],
    statusFeeds: false,
  };
  const feeds = ['https://github.com/o/r/releases/latest/download', 'https://me:secret@updates.test/'];
  const contacts = contactsOf({ ...settings, metricsCollector: null, updateFeeds: feeds }).filter(
    ({ reason }) => reason === 'updates',
  );
  expect(contacts.map(({ host }) => host)).toEqual([
    'https://github.com/o/r/releases/latest/download',
    'https://release-assets.githubusercontent.com',
    redactUrl('https://me:secret@updates.test/'),
  ]);
});
