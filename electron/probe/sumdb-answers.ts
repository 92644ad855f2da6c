/** What a checksum database answers, judged: signed with its key, or not believed. Pure. */
import type { Endpoint, ModuleVersion } from '../../shared/domain/endpoint.ts';
import { parseLookup } from '../integrity/lookup.ts';
import { openNote } from '../integrity/note.ts';
import { parseTreeHead, type TreeHead } from '../integrity/tree-head.ts';
import { parseVerifierKey, SUM_GOLANG_ORG_KEY, type VerifierKey } from '../integrity/verifier-key.ts';
import { classifyStatus } from './classify.ts';
import type { ExchangeAnswer } from './exchange.ts';
import { looksLikeHtml } from './goproxy-responses.ts';
import type { Judgement, StepPlan } from './http-steps.ts';
import { PhaseError } from './phase-error.ts';

/** A tree head has 200 bytes, a record with its note 500; a tile of 256 hashes has 8 KiB. */
export const MAX_SUMDB_BYTES = 64 * 1024;

/** The key that signs: the endpoint's own, or that of the public database. Throws a PhaseError for an invalid one. */
export function keyOf({ key: text }: Endpoint): VerifierKey {
  const parsed = parseVerifierKey(text ?? SUM_GOLANG_ORG_KEY);
  if (parsed.ok) return parsed.key;
  throw new PhaseError('request', 'gosumdb-invalid', `the verifier key cannot be used: ${parsed.reason}`);
}

/** What is wrong with an answer. */
type Bad = NonNullable<Judgement>;

/** The signed head in an answer, or what is wrong with it. */
export function readHead(body: Uint8Array, key: VerifierKey): TreeHead | Bad {
  const note = openNote(body, key);
  if (!note.ok) return invalid(body, `the tree head is not signed with ${key.name}: ${note.reason}`);
  const head = parseTreeHead(note.text);
  return head.ok ? head : invalid(body, `the signed text is no tree head: ${head.reason}`);
}

/** What is wrong with a tree head; null for a good one. */
export function judgeHead(body: Uint8Array, key: VerifierKey): Judgement {
  const head = readHead(body, key);
  return 'cause' in head ? head : null;
}

function invalid(body: Uint8Array, message: string): Bad {
  const isPage = looksLikeHtml(Buffer.from(body).toString('utf8'));
  return { cause: isPage ? 'captive-portal' : 'sumdb-invalid-answer', phase: 'verify', message };
}

/** What a status other than 200 means for a database. */
export function refusedStatus(status: number): Judgement {
  const cause = status === 404 || status === 410 ? 'sumdb-not-found' : classifyStatus(status, '');
  return cause === null ? null : { cause, phase: 'response', message: `HTTP status ${status}` };
}

/**
 * The record of a module as a plan: signed, of that module, and provably in the tree. `expected` is a go.mod hash that
 * the record must confirm.
 */
export function lookupPlan(url: URL, key: VerifierKey, module: ModuleVersion, expected?: string): StepPlan {
  return {
    name: 'lookup',
    url,
    maxBytes: MAX_SUMDB_BYTES,
    judge: (answer) => refusedStatus(answer.status) ?? judgeRecord(answer, key, module, expected),
  };
}

/** What is wrong with a record; `expected` is a go.mod hash that it must confirm. */
export function judgeRecord(
  { body }: Pick<ExchangeAnswer, 'body'>,
  key: VerifierKey,
  module: ModuleVersion,
  expected?: string,
): Judgement {
  const lookup = parseLookup(body);
  if (!lookup.ok) return invalid(body, `no record: ${lookup.reason}`);
  const head = readHead(lookup.note, key);
  if ('cause' in head) return head;
  const recorded = lookup.hashes.get(`${module.path} ${module.version}/go.mod`);
  if (recorded === undefined) return invalid(body, `the record is not of ${module.path}@${module.version}`);
  if (lookup.id >= head.size) return invalid(body, 'the record lies beyond the signed tree');
  if (expected === undefined || expected === recorded) return null;
  const message = `go.mod of ${module.path}@${module.version} is ${expected}, the database has ${recorded}`;
  return { cause: 'checksum-mismatch-sumdb', phase: 'verify', message };
}
