import { HubError } from '../http/hub-error.ts';
import type { PacticipantChanges } from './pacticipant-store.ts';

type Body = Readonly<Record<string, unknown>>;
type Column = keyof PacticipantChanges;

const fields: Readonly<Record<string, Column>> = {
  displayName: 'display_name',
  repositoryUrl: 'repository_url',
  repositoryName: 'repository_name',
  repositoryNamespace: 'repository_namespace',
  mainBranch: 'main_branch',
};

/**
 * The changes a body asks for, checked. `replace` clears what it does not name; otherwise that stays as it is.
 */
export function readPacticipant(
  body: Body,
  options: { readonly replace: boolean; readonly nameRequired: boolean },
): PacticipantChanges {
  const errors: Record<string, readonly string[]> = {};
  const changes: Partial<Record<Column, string | null>> = {};
  if (options.nameRequired) addErrors(errors, 'name', nameErrors(body.name));
  for (const [field, column] of Object.entries(fields)) {
    const value = body[field];
    addErrors(errors, field, fieldErrors(field, value));
    if (value !== undefined || options.replace) {
      changes[column] = typeof value === 'string' ? value : null;
    }
  }
  if (Object.keys(errors).length > 0) {
    throw new HubError('VALIDATION_FAILED', 'The pacticipant is not valid.', { errors });
  }
  return changes;
}

function addErrors(
  errors: Record<string, readonly string[]>,
  field: string,
  messages: readonly string[],
): void {
  if (messages.length > 0) errors[field] = messages;
}

/** Two of the messages come twice: so the broker says them, and tests compare. */
function nameErrors(value: unknown): readonly string[] {
  if (value === undefined || value === null) return ['is missing'];
  if (typeof value !== 'string') return ['must be a string'];
  if (value.trim() === '') return ['cannot be blank', 'cannot be blank'];
  if (!value.includes('\n')) return [];
  return ['cannot contain multiple lines', 'cannot contain multiple lines'];
}

function fieldErrors(field: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'string') return ['must be a string'];
  if (value.includes('\n')) return ['cannot contain multiple lines'];
  if (field.startsWith('repository')) return [];
  if (value.trim() === '') return ['cannot be blank'];
  return field === 'mainBranch' && value.includes(' ') ? ['cannot contain spaces'] : [];
}
