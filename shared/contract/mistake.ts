/** A mistake in settings, as the parameters of a problem: which field, and what it may be. No text of the library is shown. */
import * as v from 'valibot';
import { type Expected, isExpected } from '../domain/expected.ts';

export interface Mistake {
  /** Dotted; empty = the whole. */
  readonly field: string;
  readonly expected: Expected;
  /** A bound, with its unit where the name has one. */
  readonly limit: number;
  /** The values of which it is one. */
  readonly options: string;
  readonly unit: 'ms' | 'bytes' | 'none';
}

/** What an issue of the schema says. */
export function mistakeOf(issue: v.BaseIssue<unknown>): Mistake {
  const field = v.getDotPath(issue) ?? '';
  const requirement = 'requirement' in issue ? issue.requirement : undefined;
  return {
    field,
    expected: expectedOf(issue),
    limit: typeof requirement === 'number' ? requirement : 0,
    options: (issue.expected ?? '').replace(/[()"]/g, '').split(' | ').join(', '),
    unit: /Ms$/.test(field) ? 'ms' : /[bB]ytes/.test(field) ? 'bytes' : 'none',
  };
}

function expectedOf({ kind, type, message, input, received, expected }: v.BaseIssue<unknown>): Expected {
  if (isExpected(message)) return message;
  if (type === 'strict_object' && expected === 'never') return 'left-out';
  if (kind === 'schema' && received === 'undefined') return 'present';
  switch (type) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'switch';
    case 'array':
      return 'list';
    case 'loose_object':
    case 'strict_object':
    case 'object':
      return 'object';
    case 'picklist':
    case 'literal':
      return 'one-of';
    case 'integer':
      return 'whole-number';
    case 'min_value':
      return 'at-least';
    case 'max_value':
      return 'at-most';
    case 'parse_json':
      return 'json';
    case 'min_length':
      return 'not-empty';
    case 'max_length':
      return Array.isArray(input) ? 'fewer' : 'shorter';
    default:
      return 'other';
  }
}
