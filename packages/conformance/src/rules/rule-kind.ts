/** The rules there are, each under one name; `type` carries the bounds of `min` and `max`. */
export type RuleKind =
  | 'equality'
  | 'regex'
  | 'include'
  | 'type'
  | 'number'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'null'
  | 'date'
  | 'time'
  | 'datetime'
  | 'contentType'
  | 'arrayContains'
  | 'values'
  | 'statusCode'
  | 'notEmpty'
  | 'semver'
  | 'eachKey'
  | 'eachValue';

const KINDS: ReadonlyMap<string, RuleKind> = new Map<string, RuleKind>([
  ['equality', 'equality'],
  ['regex', 'regex'],
  ['include', 'include'],
  ['type', 'type'],
  ['min', 'type'],
  ['max', 'type'],
  ['min-type', 'type'],
  ['max-type', 'type'],
  ['number', 'number'],
  ['integer', 'integer'],
  ['decimal', 'decimal'],
  ['real', 'decimal'],
  ['boolean', 'boolean'],
  ['null', 'null'],
  ['date', 'date'],
  ['time', 'time'],
  ['datetime', 'datetime'],
  ['timestamp', 'datetime'],
  ['contenttype', 'contentType'],
  ['content-type', 'contentType'],
  ['arraycontains', 'arrayContains'],
  ['array-contains', 'arrayContains'],
  ['values', 'values'],
  ['statuscode', 'statusCode'],
  ['status-code', 'statusCode'],
  ['notempty', 'notEmpty'],
  ['not-empty', 'notEmpty'],
  ['semver', 'semver'],
  ['eachkey', 'eachKey'],
  ['each-key', 'eachKey'],
  ['eachvalue', 'eachValue'],
  ['each-value', 'eachValue'],
]);

/** The rule a pact means by a name, in any case; undefined for one that no Pact library knows (a plugin's). */
export function kindOfRule(match: string): RuleKind | undefined {
  return KINDS.get(match.toLowerCase());
}
