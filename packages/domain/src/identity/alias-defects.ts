import { similarNames } from '../pacticipants/similar-names.ts';

/** Calls of this service are those of that pacticipant. */
export interface Alias {
  readonly service: string;
  readonly pacticipant: string;
}

export interface AliasKnowledge {
  readonly pacticipants: readonly string[];
  readonly aliases: readonly Alias[];
  /** Whether calls of a service that is a pacticipant itself may be given to another. */
  readonly forced: boolean;
}

export interface AliasDefect {
  readonly kind: 'invalid' | 'unknown' | 'conflict';
  readonly message: string;
}

const LONGEST_NAME = 255;

/** All that is wrong with an alias; the same one again is no defect. */
export function aliasDefects(alias: Alias, known: AliasKnowledge): readonly AliasDefect[] {
  const names = [
    ...nameDefects('service', alias.service),
    ...nameDefects('pacticipant', alias.pacticipant),
  ];
  if (names.length > 0) return names;
  if (alias.service === alias.pacticipant) {
    const message = `"${alias.service}" has that name already; it needs no alias.`;
    return [{ kind: 'invalid', message }];
  }
  return [...targetDefects(alias, known), ...rivalDefects(alias, known)];
}

function nameDefects(what: 'service' | 'pacticipant', name: string): readonly AliasDefect[] {
  const message = nameDefect(name);
  return message === undefined ? [] : [{ kind: 'invalid', message: `${what} ${message}` }];
}

function nameDefect(name: string): string | undefined {
  if (name.trim() === '') return 'is blank; give a name.';
  if (name !== name.trim()) return `"${name}" begins or ends with a space.`;
  if (name.length > LONGEST_NAME) return `has ${name.length} characters, ${LONGEST_NAME} at most.`;
  return /\p{Cc}/u.test(name) ? 'holds a control character.' : undefined;
}

function targetDefects(
  { service, pacticipant }: Alias,
  { pacticipants, forced }: AliasKnowledge,
): readonly AliasDefect[] {
  if (!pacticipants.includes(pacticipant)) {
    const similar = similarNames(pacticipant, pacticipants);
    const hint = similar.length === 0 ? '' : ` Did you mean ${similar.join(' or ')}?`;
    return [{ kind: 'unknown', message: `There is no pacticipant "${pacticipant}".${hint}` }];
  }
  if (!pacticipants.includes(service) || forced) return [];
  const message = `"${service}" is a pacticipant of its own, and its calls would be taken for those of "${pacticipant}"; say that this is meant (force) when it is.`;
  return [{ kind: 'conflict', message }];
}

/** An alias leads to a pacticipant, never to another alias: so there are neither circles nor questions of order. */
function rivalDefects({ service, pacticipant }: Alias, { aliases }: AliasKnowledge) {
  const defects: AliasDefect[] = [];
  for (const other of aliases) {
    const { service: from, pacticipant: to } = other;
    if (from === service && to !== pacticipant) {
      const message = `"${service}" is an alias of "${to}" already; remove that one first.`;
      defects.push({ kind: 'conflict', message });
    }
    if (from === pacticipant) {
      const message = `"${pacticipant}" is an alias itself, of "${to}"; name "${to}" instead.`;
      defects.push({ kind: 'conflict', message });
    }
    if (to === service) {
      const message = `"${service}" is what "${from}" is an alias of; it cannot be an alias too.`;
      defects.push({ kind: 'conflict', message });
    }
  }
  return defects;
}
