/** A switch that stops at a chosen point and waits to be killed: arguments are journal, go, env file and the point. */
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { GoCommand } from '../toolchain/go-env.ts';
import { ProfileSwitcher } from './switcher.ts';

const [, , journal = '', path = '', envFile = '', point = ''] = process.argv;
const env = { HOME: '/', GOENV: envFile, GOTOOLCHAIN: 'local' };
const go = new GoCommand({ path, version: '' }, new SystemProcessRunner(systemClock), env);
const write = go.writeEnv.bind(go);

async function stand(): Promise<never> {
  process.send?.(point);
  setInterval(() => {}, 1_000);
  return new Promise(() => {});
}

go.writeEnv = async (variables) => {
  if (point === 'intent') await stand();
  const done = await write(variables);
  if (point === 'written') await stand();
  return done;
};
const variables = { GOPROXY: 'https://new.example' };
await new ProfileSwitcher({ folder: journal, clock: systemClock }).apply(
  go,
  { id: 'new', name: 'new', explanation: '', builtIn: false, variables },
  null,
);
