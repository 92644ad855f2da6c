/** From measurements, notes and lint to one verdict: what only a consultation knows corrects the app's judge. */
import { describe, expect, it } from 'vitest';
import { type Measurement, measuredDiagnosis, type World } from '../../e2e/doubles/diagnosis.ts';
import type { Check, CheckNote, Finding } from '../../shared/domain/doctor.ts';
import type { LintFinding } from '../../shared/domain/lint.ts';
import type { DiagnosisContext } from './diagnosis-context.ts';
import { judge } from './judgement.ts';

const ONE = 'https://one.example';
const TWO = 'https://two.example';
const LIST = { effective: { GOPROXY: `${ONE},direct`, GOSUMDB: 'sum.golang.org' } };

type Measurements = Readonly<Record<string, Measurement>>;

function check(key: CheckNote['key'], params: CheckNote['params']): Check {
  return { id: 'dns', status: 'failed', notes: [{ severity: 'error', key, params }], commands: [], durationMs: 1 };
}

function lintOf(rule: LintFinding['rule'], severity: LintFinding['severity']): LintFinding {
  return { rule, severity, subject: 'GOPRIVATE', params: {}, fix: null, command: null };
}

async function findingOf(
  measurements: Measurements,
  { checks = [], lint = [], ...world }: World & { checks?: readonly Check[]; lint?: readonly LintFinding[] } = {},
): Promise<Finding> {
  const context = await measuredDiagnosis(measurements, { ...LIST, ...world });
  return judge(context, checks, lint).finding;
}

/** The real download's outcome beside the list's. */
async function withDownload(measurements: Measurements, download: Measurement): Promise<Finding> {
  const context: DiagnosisContext = await measuredDiagnosis({ ...measurements, 'module://m@v1.0.0': download }, LIST);
  await context.measure({ id: 'download', kind: 'module', name: 'm', url: 'module://m@v1.0.0' });
  return judge(context, [], []).finding;
}

describe('the list that is in force', () => {
  it('that serves is healthy, with no host to blame', async () => {
    expect(await findingOf({})).toMatchObject({ name: 'healthy', severity: 'healthy', cause: null, host: null });
  });

  it('whose first entry ends it is down, with the host and cause of that entry', async () => {
    const found = await findingOf({ [ONE]: 'http-server-error in response' });
    expect(found).toMatchObject({ severity: 'down', cause: 'http-server-error', host: 'one.example' });
  });

  it('without any way out is this machine, whatever else was measured', async () => {
    const ports = { hasNetworkPath: () => false };
    expect(await findingOf({ [ONE]: 'connect-timeout in connect' }, { ports })).toMatchObject({
      name: 'local-offline',
      host: null,
    });
  });
});

describe('a host that is asked about', () => {
  const sources = { id: 'src', kind: 'vcs', name: 'src', url: 'https://git.corp.example' } as const;
  const ask = (measurements: Measurements) =>
    findingOf(measurements, { target: sources.url, settings: { endpoints: [sources] } });

  it('is healthy by its own measurement', async () => {
    expect(await ask({})).toMatchObject({ name: 'healthy', severity: 'healthy' });
  });

  it('is down with its own cause, and nothing is said of a list', async () => {
    expect(await ask({ [sources.url]: 'vcs-auth-required in response' })).toMatchObject({
      severity: 'down',
      cause: 'vcs-auth-required',
      host: 'git.corp.example',
    });
  });

  it('that is a proxy is judged as if it were the whole list', async () => {
    expect(await findingOf({ [TWO]: 'eof-no-response in response' }, { target: TWO })).toMatchObject({
      severity: 'down',
      host: 'two.example',
    });
  });
});

describe('what only a consultation knows', () => {
  const lie = check('dns-lies', { host: 'one.example', address: '10.0.0.1', right: '192.0.2.7' });

  it('an address proved false by certificate is forged DNS', async () => {
    expect(await findingOf({ [ONE]: 'connect-timeout in connect' }, { checks: [lie] })).toMatchObject({
      name: 'dns-tampered',
      severity: 'down',
      host: 'one.example',
      rule: 'dns-tampered/valid-elsewhere',
      detail: '192.0.2.7',
    });
  });

  it('a rule of the packet filter is the verdict only where something fails', async () => {
    const checks = [check('policy-pf-blocks', { rule: 'block drop out all' })];
    expect(await findingOf({ [ONE]: 'connect-timeout in connect' }, { checks })).toMatchObject({
      name: 'blocked-by-policy',
      detail: 'block drop out all',
    });
    expect((await findingOf({}, { checks })).name).toBe('healthy');
  });

  it('a private module that proxies are asked for is a wrong setting, even where all answers', async () => {
    const lint = [lintOf('private-missing', 'error')];
    expect(await findingOf({}, { lint })).toMatchObject({
      name: 'misconfigured',
      severity: 'down',
      rule: 'misconfigured/private-missing',
      detail: 'GOPRIVATE',
    });
  });

  it('an error of lint counts where nothing is down, a warning never', async () => {
    expect(await findingOf({}, { lint: [lintOf('sumdb-malformed', 'error')] })).toMatchObject({
      name: 'misconfigured',
      rule: 'misconfigured/sumdb-malformed',
    });
    expect((await findingOf({}, { lint: [lintOf('insecure-http', 'warning')] })).name).toBe('healthy');
    expect((await findingOf({}, { lint: [lintOf('entry-down', 'error')] })).name).toBe('healthy');
    const works = await findingOf({}, { lint: [lintOf('sumdb-off', 'error')] });
    expect(works).toMatchObject({ name: 'misconfigured', severity: 'degraded', rule: 'misconfigured/sumdb-off' });
    const down = { [ONE]: 'http-server-error in response' } as const;
    expect((await findingOf(down, { lint: [lintOf('sumdb-malformed', 'error')] })).name).not.toBe('misconfigured');
  });

  it('an error of lint never explains a machine that is offline', async () => {
    const ports = { hasNetworkPath: () => false };
    const failing = { [ONE]: 'dns-no-such-host in dns' } as const;
    const lint = [lintOf('comma-after-flaky', 'error'), lintOf('private-missing', 'error')];
    expect(await findingOf(failing, { ports, lint })).toMatchObject({ name: 'local-offline', severity: 'offline' });
  });
});

describe('the real download', () => {
  it('that works shows that a setting is unsafe, not that it cannot work', async () => {
    const measured = { 'module://m@v1.0.0': 'ok' } as const;
    const context = await measuredDiagnosis(measured, LIST);
    await context.measure({ id: 'download', kind: 'module', name: 'm', url: 'module://m@v1.0.0' });
    const { finding } = judge(context, [], [lintOf('sumdb-malformed', 'error')]);
    expect(finding).toMatchObject({ name: 'misconfigured', severity: 'degraded' });
  });

  it('that works leaves a healthy verdict as it is', async () => {
    expect(await withDownload({}, 'ok')).toMatchObject({ name: 'healthy', severity: 'healthy' });
  });

  it('that fails where all else answers is down, with its own cause', async () => {
    expect(await withDownload({}, 'eof-no-response in response')).toMatchObject({
      name: 'cannot-tell',
      severity: 'down',
      cause: 'eof-no-response',
      rule: 'download/fails',
    });
    expect(await withDownload({}, 'sumdb-unreachable in verify')).toMatchObject({ name: 'sumdb-unreachable' });
  });

  it('of something that does not exist was asked for wrongly', async () => {
    expect(await withDownload({}, 'module-not-found in response')).toMatchObject({
      name: 'misconfigured',
      rule: 'download/fails',
    });
  });

  it('that works cannot make an outage of an entry healthy', async () => {
    expect(await withDownload({ [ONE]: 'http-server-error in response' }, 'ok')).toMatchObject({ severity: 'down' });
  });
});
