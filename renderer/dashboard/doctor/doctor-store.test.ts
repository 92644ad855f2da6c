import { beforeEach, expect, it, vi } from 'vitest';
import { FakeApi } from '../../../e2e/doubles/fake-api.ts';
import type { ArchivedConsultation, Consultation } from '../../../shared/domain/doctor.ts';
import { createClient } from '../../common/client.ts';
import { createDoctorStore } from './doctor-store.ts';

const running: Consultation = {
  target: 'proxy.golang.org',
  startedAt: 1_000,
  endedAt: null,
  cancelled: false,
  checks: [],
  finding: null,
  experiments: [],
  trying: null,
  fixes: [],
};
const archived: ArchivedConsultation = {
  startedAt: 1_000,
  target: 'proxy.golang.org',
  incidentId: null,
  finding: null,
};

let api: FakeApi;

beforeEach(() => {
  api = new FakeApi();
  api.answer('doctor.get', () => ({ current: null, archived: [] }));
});

it('follows a consultation, and reads the list again when it ends', async () => {
  const store = createDoctorStore(createClient(api));
  await vi.waitFor(() => expect(api.names()).toEqual(['doctor.get']));
  api.broadcast('doctor.changed', running);
  expect(store.getState().current).toEqual(running);
  expect(api.names()).toEqual(['doctor.get']);
  const ended = { ...running, endedAt: 2_000 };
  api.answer('doctor.get', () => ({ current: ended, archived: [archived] }));
  api.broadcast('doctor.changed', ended);
  await vi.waitFor(() => expect(store.getState()).toMatchObject({ current: ended, archived: [archived] }));
});

it('does not let the first answer replace a newer broadcast', async () => {
  let answer = (_: { current: null; archived: [] }) => {};
  api.answer('doctor.get', () => new Promise((resolve) => (answer = resolve)));
  const store = createDoctorStore(createClient(api));
  await vi.waitFor(() => expect(api.names()).toEqual(['doctor.get']));
  api.broadcast('doctor.changed', running);
  answer({ current: null, archived: [] });
  await api.settled();
  expect(store.getState().current).toEqual(running);
});
