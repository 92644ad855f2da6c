/**
 * Every command that the app shows for copying, built from hostile texts of servers, projects, profiles and logs, and
 * pasted into real shells. The only tools in the PATH are stand-ins that do nothing, and `touch`: a file that appears
 * shows that a part of a text was run.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measuredDiagnosis, poolOf } from '../../e2e/doubles/diagnosis.ts';
import { CAUSES, type Cause } from '../../shared/domain/cause.ts';
import type { Finding } from '../../shared/domain/doctor.ts';
import type { Experiment } from '../../shared/domain/result.ts';
import { hideSecrets, redactDeep } from '../../shared/domain/secrets.ts';
import type { ShellCommand } from '../../shared/domain/shell-command.ts';
import { NO_SITUATION, type Situation } from '../../shared/domain/situation.ts';
import { commandLine, suggestedCommands } from '../../shared/domain/switch-plan.ts';
import { VERDICTS } from '../../shared/domain/verdict.ts';
import { translator } from '../../shared/messages/messages.ts';
import { remedyText } from '../../shared/messages/remedies.ts';
import { CHECKS } from '../doctor/checks/index.ts';
import { fixesFor } from '../doctor/fixes.ts';
import { scrubber } from '../doctor/scrub.ts';
import { recordPlan } from '../macos/record.ts';
import type { ProbePool } from '../probe/probe-pool.ts';
import { resolveValue } from '../profile/effective/resolve.ts';
import { lint } from '../profile/lint.ts';
import { planCommands } from '../profile/plan.ts';
import { planFetches } from '../profile/preflight/plan-fetches.ts';

/** `C` stands for the file that must not appear, `_` for a space that needs none. */
const ATTACKS = [
  '$(touch C)',
  '`touch C`',
  ';touch C;',
  "';touch C;'",
  '";touch C;"',
  '|touch C',
  '&touch C&',
  '\ntouch C\n',
  '\r\ntouch C\r\n',
  '\u2028touch C\u2028',
  '\u202e;touch C;\u202c',
  "\u200b';touch C;'",
  "\\';touch C;\\'",
  "?token=a';touch_C;'",
  "?token=a\u200b\\';touch_C;'",
  "?token=a\u200b';touch_C;'",
  "password=a';touch_C;'",
  "password=\na';touch_C;'",
  "https://u:p';touch_C;'@h/",
  "/home/a';touch_C;'",
  "Authorization: a';touch_C;'",
  '--output=C',
  '-oC',
  '>C',
  '<(touch C)',
  '=(touch C)',
  '(touch C)',
  '~/$(touch C)',
  '!touch',
  '\\',
  "$'\\x27;touch C'",
  '\u0000;touch C',
  '\ufeff;touch C',
] as const;

const SHELLS = ['sh', 'bash', 'zsh', 'fish'] as const;
/** Programs that commands begin with or go through. */
const TOOLS = ['curl', 'git', 'go', 'gopherbar', 'dig', 'kdig', 'nc', 'openssl', 'sudo', 'route', 'ip', 'which'];
const MORE_TOOLS = ['networksetup', 'security', 'systemextensionsctl', 'launchctl', 'sed', 'mktemp', 'env', 'grep'];

let folder: string;
let bin: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-paste-'));
  bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const tool of [...TOOLS, ...MORE_TOOLS]) {
    writeFileSync(join(bin, tool), '#!/bin/sh\nexit 0\n');
    chmodSync(join(bin, tool), 0o755);
  }
  for (const shell of SHELLS) {
    const path = execFileSync('sh', ['-c', `command -v ${shell}`], { encoding: 'utf8' }).trim();
    symlinkSync(path, join(bin, shell));
  }
  symlinkSync('/usr/bin/touch', join(bin, 'touch'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each shell reads one line after the other, each as a whole; the shells for which a file appeared. */
function pasted(lines: readonly string[]): readonly string[] {
  const pastes = mkdtempSync(join(folder, 'lines-'));
  for (const [i, line] of [...new Set(lines)].entries()) writeFileSync(join(pastes, String(i)), `${line}\n`);
  return SHELLS.filter((shell) => {
    const place = mkdtempSync(join(folder, 'place-'));
    const env = { PATH: bin, HOME: place, LC_ALL: 'C.UTF-8', TERM: 'dumb' };
    const each = shell === 'fish' ? `for f in ${pastes}/*; source $f; end` : `for f in ${pastes}/*; do ( . $f ); done`;
    spawnSync(join(bin, shell), ['-c', each], { cwd: place, env, stdio: 'ignore', timeout: 10_000 });
    // What a shell keeps for itself (fish's settings) is no attack.
    return readdirSync(place).some((one) => !one.startsWith('.'));
  });
}

const attackText = (attack: string) =>
  attack
    .replaceAll('touch_C', `touch$${'{IFS}'}canary`)
    .replaceAll('touch C', 'touch canary')
    .replaceAll('C', 'canary');

/** A measurement as a hostile server makes it: the target of a redirect and the repository are its own words. */
function hostilePool(text: string): ProbePool {
  const calm = poolOf({});
  return {
    close: () => calm.close(),
    probe: async (request, signal) => {
      const result = await calm.probe(request, signal);
      if (result.outcome === 'cancelled') return result;
      return {
        ...result,
        evidence: { ...result.evidence, url: `https://h/${text}`, repository: text, remoteAddress: text },
      };
    },
  };
}

async function doctorCommands(text: string): Promise<readonly ShellCommand[]> {
  const url = `https://proxy.example/${text}`;
  const context = await measuredDiagnosis(
    {},
    {
      effective: { GOPROXY: `${url},direct`, GOSUMDB: `sum.example https://sum.example/${text}`, GOAUTH: 'off' },
      settings: {
        endpoints: [
          { id: 'v', kind: 'vcs', name: text, url },
          { id: 'p', kind: 'forward-proxy', name: text, url: `http://u:${text}@127.0.0.1:1` },
        ],
        resolvers: [`https://dns.example/${text}`, 'udp://127.0.0.1'],
      },
      ports: { pool: hostilePool(text), env: { HTTPS_PROXY: `http://u:${text}@127.0.0.1:1` }, lookUp: async () => [] },
    },
  );
  const results = await Promise.all(CHECKS.map((check) => check.run(context).catch(() => null)));
  const finding = (name: Finding['name'], cause: Finding['cause'] = null): Finding => ({
    name,
    severity: 'down',
    cause,
    host: text,
    rule: null,
    score: null,
    detail: text,
  });
  const experiments: Experiment[] = [{ variable: 'through-proxy', tries: 1, unchanged: 0, changed: 1, value: text }];
  const findings = lintOf(text);
  const fixes = [...VERDICTS.map((name) => finding(name)), finding('misconfigured', 'checksum-mismatch-sumdb')].flatMap(
    (one) => fixesFor({ context, finding: one, profiles: [], lint: findings, checks: [], experiments }),
  );
  return [...results.flatMap((one) => one?.commands ?? []), ...fixes.flatMap(({ commands }) => commands)];
}

function lintOf(text: string) {
  return lint({
    variables: { GOPROXY: `https://proxy.example/${text}, direct`, GOPRIVATE: text, GOSUMDB: text, GOVCS: text },
    goflags: `-insecure -mod=vendor ${text}`,
    git: [{ key: `url.${text}.insteadof`, value: 'https://' }],
    viewOf: () => ({ state: 'unknown' }) as never,
    uptimeOf: () => null,
    proxies: [{ name: 'https_proxy', value: `http://127.0.0.1/${text}`, alive: false }],
    privateHosts: [text],
    goLines: { goLine: '1.23', toolchainLine: `go1.${text}`, goVersion: 'go1.22.1' },
  });
}

function settingsCommands(text: string): readonly ShellCommand[] {
  const profile = {
    variables: { GOPROXY: text, GOPRIVATE: text, GOAUTH: text },
    git: [{ key: `http.https://h/${text}.proxy`, value: text }],
  };
  const planned = planCommands(profile, [], []);
  const place = { file: `/home/me/${text}`, line: 3 };
  const facts = { id: 'app', envFile: null, goroot: null, unknown: [], said: null } as const;
  const env = { HTTPS_PROXY: text };
  const remedies = [place, { file: place.file, line: null }, null].map((one) => {
    const places = new Map(one === null ? [] : [['HTTPS_PROXY', one] as const]);
    return resolveValue('HTTPS_PROXY', { ...facts, env, places }).remedy;
  });
  return [
    ...suggestedCommands(planned),
    ...planned.map(commandLine),
    ...lintOf(text).flatMap(({ command, fix }) => [
      ...(command === null ? [] : [command]),
      ...(fix === null ? [] : suggestedCommands(planCommands(fix, [], []))),
    ]),
    ...remedies.filter((one) => one !== null),
    recordPlan({ iface: text, seconds: 1, addresses: [text] }),
  ];
}

function projectCommands(text: string): readonly ShellCommand[] {
  const needed = { path: `git.corp.example/${text}`, version: 'v1.0.0', needs: 'zip' } as never;
  return ['auto', 'local'].flatMap((GOTOOLCHAIN) =>
    ['go1.20', 'go1.21', 'go1.26.1'].flatMap((goVersion) =>
      planFetches({
        project: {
          file: 'go.mod',
          modules: [],
          needed: [needed],
          problems: [],
          vendored: false,
          goLine: `1.99${text}`,
          toolchainLine: `go1.99${text}`,
        } as never,
        missing: [needed],
        variables: { GOTOOLCHAIN, GOPROXY: 'https://proxy.example', GOPRIVATE: text, GOSUMDB: 'sum.golang.org' },
        goVersion,
        viewOf: () => ({ state: 'unknown' }) as never,
        privateHosts: new Set(['git.corp.example', text]),
      }).problems.flatMap(({ command }) => (command === null ? [] : [command])),
    ),
  );
}

/** The remedies are sentences with commands in them: what follows a colon, or stands in the sentence. */
function remedySentences(text: string): readonly string[] {
  const situations: readonly Situation[] = [
    NO_SITUATION,
    { ...NO_SITUATION, hostKind: 'private', wantedGo: `1.22${text}`, goVersion: text },
    { ...NO_SITUATION, isSsh: true, wantedGo: '1.22' },
    { ...NO_SITUATION, isDiscovery: true, hostKind: 'public' },
  ];
  const underlying = [null, 'tls-unknown-authority', 'connect-timeout', 'http-forbidden'] as const;
  return (['en', 'zh-CN'] as const).flatMap((language) => {
    const t = translator(language);
    return (Object.keys(CAUSES) as Cause[]).flatMap((cause) =>
      situations.flatMap((situation) =>
        underlying.map((inner) =>
          remedyText(t, { cause, underlying: inner, host: text, module: `example.com/${text}@v1.0.0`, situation }),
        ),
      ),
    );
  });
}

const scrub = scrubber({
  home: '/home/me',
  user: 'canary',
  privateGlobs: '*.corp.example,git*/*',
  privateHosts: ['h'],
});

it.each(ATTACKS)('%j is never run', async (attack) => {
  const text = attackText(attack);
  const commands = [...(await doctorCommands(text)), ...settingsCommands(text), ...projectCommands(text)];
  expect(commands.length).toBeGreaterThan(20);
  // As shown, as sent to a window, and as a report has it.
  const shown = [...commands, ...redactDeep(commands), ...commands.map(scrub), ...commands.map(hideSecrets)];
  expect(shown.filter((one) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(one))).toEqual([]);
  expect(pasted(shown)).toEqual([]);
  // An option within a path is none; everything else has no place in a sentence with commands.
  if (!text.startsWith('-')) for (const sentence of remedySentences(text)) expect(sentence).not.toContain(text);
});

it('would notice', () => {
  expect(pasted(['curl -v -- https://h/$(touch canary)'])).toEqual([...SHELLS]);
});
