import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editorEnvironment, editorSettings, golandVariables } from './editors.ts';

/** `${…}`, which is no template here. */
const ref = (inside: string) => `$\{${inside}}`;

describe('settings of an editor', () => {
  it('are read with comments and trailing commas', () => {
    const text =
      '// mine\n{\n  "go.toolsEnvVars": {"GOPROXY": "https://a", "GOSUMDB": null, "N": 1,}, /* x */\n  "http.proxy": "",\n}\n';
    expect(editorSettings(text)).toEqual({ variables: { GOPROXY: 'https://a' }, httpProxy: null });
  });

  it.each(['', '[]', '{"go.toolsEnvVars": []}', '{"go.toolsEnvVars": "x"', 'null', '{'])(
    'set nothing in %j',
    (text) => {
      expect(editorSettings(text)).toEqual({ variables: {}, httpProxy: null });
    },
  );

  it('of the workspace win, variable by variable; http.proxy wins over all', () => {
    const user = editorSettings(
      '{"go.toolsEnvVars": {"GOPROXY": "user", "GOSUMDB": "off"}, "http.proxy": "http://p:1"}',
    );
    const workspace = editorSettings(
      `{"go.toolsEnvVars": {"GOPROXY": "${ref('env:MIRROR')}|direct", "GOMODCACHE": "${ref('workspaceFolder')}/mod"}}`,
    );
    const base = { GOPROXY: 'shell', MIRROR: 'https://m', HTTPS_PROXY: 'http://q:2', PATH: '/bin' };
    expect(editorEnvironment(base, [user, workspace], '/w')).toMatchObject({
      GOPROXY: 'https://m|direct',
      GOSUMDB: 'off',
      GOMODCACHE: '/w/mod',
      HTTPS_PROXY: 'http://p:1',
      https_proxy: 'http://p:1',
      PATH: '/bin',
    });
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void editorEnvironment({}, [editorSettings(text)], '/')));
  });
});

describe('GoLand', () => {
  const inProject = (component: string) =>
    `<project version="4">\n  <component name="Other"><entry key="GOPROXY" value="other" /></component>\n  <component name="VgoProject">${component}</component>\n</project>\n`;

  it('keeps an environment or, in older projects, a proxy', () => {
    const entries =
      '<environment><map><entry key="GOPROXY" value="https://a?x=1&amp;y=2" /><entry key="GOPRIVATE" value="b" /></map></environment>';
    expect(golandVariables(inProject(entries))).toEqual({ GOPROXY: 'https://a?x=1&y=2', GOPRIVATE: 'b' });
    expect(golandVariables(inProject('<proxy>direct</proxy>'))).toEqual({ GOPROXY: 'direct' });
    expect(golandVariables(inProject('<settings-migrated>true</settings-migrated>'))).toEqual({});
    expect(
      golandVariables('<project><component name="Other"><entry key="GOPROXY" value="x" /></component></project>'),
    ).toEqual({});
  });

  it('reads any text in bounded time', () => {
    fc.assert(fc.property(fc.string(), (text) => void golandVariables(inProject(text))));
    expect(
      golandVariables(`<component name="VgoProject">${'<entry key="A" value="'.repeat(50_000)}</component>`),
    ).toEqual({
      A: expect.any(String),
    });
  });
});
