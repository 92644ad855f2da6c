/** States about the app's own set-up: no `go`, a settings file with a mistake, very long names. */
import { endpoint, type Make, verdict } from '../parts.ts';
import { COMMA, profiles, walk } from '../profile-parts.ts';
import { healthy } from './healthy.ts';
import { down } from './outage.ts';

export const SETTINGS_STATES: Readonly<Record<string, Make>> = {
  'go-missing': (now) => ({
    ...healthy(now),
    verdict: verdict({ name: 'go-missing', severity: 'down', since: now - 60_000, cause: 'go-tool-missing' }),
    profiles: profiles(null),
    go: { state: 'missing', problem: { key: 'go-missing', params: {} } },
  }),
  notice: (now) => ({
    ...healthy(now),
    notices: [
      {
        key: 'settings-not-json',
        params: {
          file: '~/Library/Application Support/Gopherbar/settings.json',
          line: 14,
          detail: 'Unexpected token }',
        },
      },
    ],
  }),
  'long-names': (now) => ({
    ...down(now),
    endpoints: Array.from({ length: 15 }, (_, i) =>
      endpoint(
        now,
        `goproxy-${i + 1}.a-very-long-department-name.internal.example-corporation.com`,
        i,
        i % 4 === 0 ? { status: 'down', cause: 'tls-unknown-authority' } : {},
      ),
    ),
    profiles: [
      {
        profile: {
          ...COMMA,
          id: 'long',
          builtIn: false,
          name: 'Intranet of the department with a really long name 部门内网',
          variables: {
            GOPROXY:
              'https://goproxy-1.a-very-long-department-name.internal.example-corporation.com,https://goproxy.cn|direct',
          },
        },
        active: true,
        walk: walk(COMMA, 'stops', 0, null, 'tls-unknown-authority'),
      },
      ...profiles(null),
    ],
  }),
};
