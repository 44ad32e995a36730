export type RackValue = string | null | RackList | RackMap;
export type RackList = readonly RackValue[];
export interface RackMap {
  readonly [key: string]: RackValue;
}

type MutableValue = string | null | MutableValue[] | Map<string, MutableValue>;

const MAX_DEPTH = 32;

/**
 * Rack's nested query: `q[][pacticipant]=A&q[][version]=1&q[][pacticipant]=B` is `{q: [{pacticipant: 'A', version: '1'},
 * {pacticipant: 'B'}]}`. A new element starts when the last one already has the key; parameters in between do not end an
 * element; `q[]version` means `q[][version]`; a later plain value replaces an earlier one. A name without `=` is null.
 * What does not fit the shape seen before (`a=1&a[b]=2`) is dropped.
 */
export function parseRackQuery(query: string): RackMap {
  const root = new Map<string, MutableValue>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? null : decode(part.slice(equals + 1));
    store(root, { path: pathOf(name), value });
  }
  return frozenMap(root);
}

/** The text under a name, undefined when it is absent, empty or not a single value: for the broker, empty is not given. */
export function textParameter(query: RackMap, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `a[][b]` is `['a', '', 'b']`; an empty step means "next element". */
function pathOf(name: string): readonly string[] {
  const first = name.indexOf('[');
  if (first <= 0) return [name];
  const path = [name.slice(0, first)];
  let rest = name.slice(first);
  while (rest !== '' && path.length < MAX_DEPTH) {
    const close = rest.indexOf(']');
    if (rest.startsWith('[') && close > 0) {
      path.push(rest.slice(1, close));
      rest = rest.slice(close + 1);
    } else {
      path.push(rest);
      rest = '';
    }
  }
  return path;
}

interface Entry {
  readonly path: readonly string[];
  readonly value: string | null;
}

function store(into: Map<string, MutableValue>, { path, value }: Entry): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    into.set(key, value);
  } else if (rest[0] === '') {
    storeInList(listAt(into, key), { path: rest.slice(1), value });
  } else {
    const child = mapAt(into, key);
    if (child !== undefined) store(child, { path: rest, value });
  }
}

function storeInList(list: MutableValue[] | undefined, { path, value }: Entry): void {
  if (list === undefined) return;
  if (path.length === 0) {
    list.push(value);
    return;
  }
  const last = list.at(-1);
  if (last instanceof Map && !isTaken(last, path)) {
    store(last, { path, value });
    return;
  }
  const element = new Map<string, MutableValue>();
  list.push(element);
  store(element, { path, value });
}

function isTaken(element: Map<string, MutableValue>, path: readonly string[]): boolean {
  const [key = '', ...rest] = path;
  const present = element.get(key);
  if (present === undefined) return false;
  if (rest.length === 0) return true;
  if (rest[0] === '') return false;
  return !(present instanceof Map) || isTaken(present, rest);
}

function listAt(into: Map<string, MutableValue>, key: string): MutableValue[] | undefined {
  const present = into.get(key);
  if (present !== undefined) return Array.isArray(present) ? present : undefined;
  const list: MutableValue[] = [];
  into.set(key, list);
  return list;
}

function mapAt(
  into: Map<string, MutableValue>,
  key: string,
): Map<string, MutableValue> | undefined {
  const present = into.get(key);
  if (present !== undefined) return present instanceof Map ? present : undefined;
  const map = new Map<string, MutableValue>();
  into.set(key, map);
  return map;
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function frozen(value: MutableValue): RackValue {
  if (value instanceof Map) return frozenMap(value);
  return Array.isArray(value) ? value.map(frozen) : value;
}

/** Without a prototype, so that `q[__proto__]` is a name like any other. */
function frozenMap(map: Map<string, MutableValue>): RackMap {
  const result: Record<string, RackValue> = Object.create(null);
  for (const [key, value] of map) result[key] = frozen(value);
  return result;
}
