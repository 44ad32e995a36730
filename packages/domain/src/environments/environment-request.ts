import { displayNameOf } from '../pacticipants/display-name.ts';

/** An environment as a client describes it. `contacts` is JSON text, undefined when none were given. */
export interface EnvironmentRequest {
  readonly name: string;
  readonly displayName: string;
  readonly production: boolean;
  readonly contacts: string | undefined;
}

/** Messages by field, in the broker's words. */
export type EnvironmentDefects = Readonly<Record<string, readonly string[]>>;

export type EnvironmentReading =
  | { readonly ok: true; readonly environment: EnvironmentRequest }
  | { readonly ok: false; readonly defects: EnvironmentDefects };

/** Reads the body of a create or replace; `isTaken` says whether another environment has the name. */
export function readEnvironmentRequest(
  body: unknown,
  isTaken: (name: string) => boolean,
): EnvironmentReading {
  if (!isRecord(body)) return { ok: false, defects: { '': ['must be a hash'] } };
  const { name, displayName, production, contacts } = body;
  const defects = Object.entries({
    name: nameDefects(name, isTaken),
    displayName: displayNameDefects(displayName),
    production: productionDefects(production, 'production' in body),
    contacts: contactDefects(contacts),
  }).filter(([, messages]) => messages.length > 0);
  if (defects.length > 0) return { ok: false, defects: Object.fromEntries(defects) };
  const ownName = String(name);
  return {
    ok: true,
    environment: {
      name: ownName,
      displayName: typeof displayName === 'string' ? displayName : displayNameOf(ownName),
      production: production === true,
      contacts: Array.isArray(contacts) ? JSON.stringify(contacts) : undefined,
    },
  };
}

function nameDefects(name: unknown, isTaken: (name: string) => boolean): readonly string[] {
  if (name === undefined) return ['is missing'];
  if (name === null) return ['must be filled'];
  if (typeof name !== 'string') return ['must be a string'];
  if (name.trim() === '') return ['cannot be blank'];
  if (/[\r\n]/.test(name)) return ['cannot contain multiple lines'];
  if (/\s/.test(name)) return ['cannot contain spaces'];
  return isTaken(name) ? [`name '${name}' is already used by an existing environment.`] : [];
}

function displayNameDefects(displayName: unknown): readonly string[] {
  if (displayName === undefined || displayName === null) return [];
  if (typeof displayName !== 'string') return ['must be a string'];
  if (displayName.trim() === '') return ['cannot be blank'];
  return /[\r\n]/.test(displayName) ? ['cannot contain multiple lines'] : [];
}

function productionDefects(production: unknown, isGiven: boolean): readonly string[] {
  if (!isGiven) return ['is missing'];
  return typeof production === 'boolean' ? [] : ['must be one of: true, false'];
}

function contactDefects(contacts: unknown): readonly string[] {
  if (contacts === undefined || contacts === null) return [];
  if (!Array.isArray(contacts)) return ['must be an array'];
  return contacts.flatMap((contact: unknown, index) =>
    contactMessages(contact).map((message) => `${message} (at index ${index})`),
  );
}

function contactMessages(contact: unknown): readonly string[] {
  if (!isRecord(contact)) return ['must be a hash'];
  const messages: string[] = [];
  if (contact.name === undefined) messages.push('name is missing');
  else if (typeof contact.name !== 'string') messages.push('name must be a string');
  else if (contact.name.trim() === '') messages.push('name cannot be blank');
  const { details } = contact;
  if (details !== undefined && details !== null && !isRecord(details)) {
    messages.push('details must be a hash');
  }
  return messages;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
