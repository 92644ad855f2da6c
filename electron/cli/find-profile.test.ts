import { describe, expect, it } from 'vitest';
import type { Profile } from '../../shared/domain/profile.ts';
import { translator } from '../../shared/messages/messages.ts';
import { findProfile } from './find-profile.ts';
import { UsageError } from './usage-error.ts';

function profile(id: string, name: Profile['name']): Profile {
  return { id, name, explanation: '', builtIn: false, variables: {}, git: [], networks: [] };
}

const PROFILES = [
  profile('china', { en: 'Mainland China', 'zh-CN': '中国大陆' }),
  profile('company', 'Office'),
  profile('company-vpn', 'Office by VPN'),
];

const find = (name: string) => findProfile(PROFILES, name, { t: translator('en') }).id;

describe('a profile is found', () => {
  it.each([
    ['china', 'china'],
    ['CHINA', 'china'],
    ['mainland china', 'china'],
    ['中国大陆', 'china'],
    ['main', 'china'],
    ['office', 'company'],
    ['company-', 'company-vpn'],
  ])('by %j', (name, id) => expect(find(name)).toBe(id));

  it('by its whole id, even when that begins another', () => expect(find('company')).toBe('company'));
});

it.each(['nothing', 'comp', 'hina'])('refuses %j and lists the known ids', (name) => {
  expect(() => find(name)).toThrow(UsageError);
  expect(() => find(name)).toThrow('china, company, company-vpn');
});
