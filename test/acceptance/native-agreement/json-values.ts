import { oneOf, type Random } from '../random-values.ts';

/** A JSON value with the spelling of its numbers. */
export type JsonNode =
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'map'; readonly members: readonly (readonly [string, JsonNode])[] };

const SCALARS = [
  ...['null', 'true', 'false', '0', '1', '-1', '7', '42', '1.0', '1.5', '-0', '1e2', '1E-3', '0.0'],
  ...['9007199254740993', '9007199254740992', '18446744073709551615', '18446744073709551616'],
  ...['-9223372036854775808', '-9223372036854775809', '100', '100.0', '0.1', '-2.50', '1e30'],
  ...['""', '"a"', '"A"', '"red"', '"blue"', '"12"', '"-5"', '"1.5"', '"true"', '"a\\nb"'],
  ...['"1.2.3"', '"1.2.3-rc.1+b"', '"v1.2.3"', '"01.2.3"', '"red blue"', '"null"', '"beef"'],
  ...['"2024-02-29"', '"2023-02-29"', '"2024-2-9"', '"29.02.2024"', '"1 Jan 2024"', '"24-1-1"'],
  ...['"10:00:00"', '"24:00:00"', '"10:00"', '"10:00 PM"', '"9:5"', '"10:00:00.12"'],
  ...['"2024-01-01T10:00:00Z"', '"2024-01-01T10:00:00+01:00"', '"2024-01-01T10:00:00+0100"'],
  '"2024-01-01T10:00:00+13:00"',
  ...['"2024-01-01T10:00:00"', '"Mon, 1 Jan 2024"', '"é"', '"\\u00e9"', '"a b"', '"٣"'],
];

const NAMES = ['a', 'b', 'c', 'id', 'x y', 'a-b', '0', '1', 'é', '@t', '#t', 'A', '*', '__proto__'];

export function randomNode(random: Random, depth: number): JsonNode {
  switch (random(depth > 0 ? 6 : 2)) {
    case 2:
    case 3:
      return { kind: 'list', items: randomItems(random, depth) };
    case 4:
    case 5:
      return { kind: 'map', members: randomMembers(random, depth) };
    default:
      return { kind: 'scalar', text: oneOf(random, SCALARS) };
  }
}

function randomItems(random: Random, depth: number): readonly JsonNode[] {
  const example = randomNode(random, depth - 1);
  return Array.from({ length: random(4) }, () =>
    random(3) === 0 ? randomNode(random, depth - 1) : mutate(random, example),
  );
}

function randomMembers(random: Random, depth: number): readonly (readonly [string, JsonNode])[] {
  const names = new Set(Array.from({ length: random(4) }, () => oneOf(random, NAMES)));
  return [...names].map((name) => [name, randomNode(random, depth - 1)] as const);
}

/** The same value, or one that differs in one or two places. */
export function mutate(random: Random, node: JsonNode): JsonNode {
  const times = random(3);
  let mutated = node;
  for (let time = 0; time < times; time += 1) {
    mutated = mutateOnce(random, mutated);
  }
  return mutated;
}

function mutateOnce(random: Random, node: JsonNode): JsonNode {
  if (node.kind === 'scalar' || random(8) === 0) {
    return random(5) === 0
      ? randomNode(random, 1)
      : { kind: 'scalar', text: oneOf(random, SCALARS) };
  }
  return node.kind === 'list' ? mutateList(random, node.items) : mutateMap(random, node.members);
}

function mutateList(random: Random, items: readonly JsonNode[]): JsonNode {
  const at = random(items.length + 1);
  const item = items[at];
  switch (random(4)) {
    case 0:
      return { kind: 'list', items: items.toSpliced(at, 1) };
    case 1:
      return { kind: 'list', items: items.toSpliced(at, 0, item ?? randomNode(random, 1)) };
    default:
      return item === undefined
        ? { kind: 'list', items }
        : { kind: 'list', items: items.toSpliced(at, 1, mutateOnce(random, item)) };
  }
}

function mutateMap(random: Random, members: readonly (readonly [string, JsonNode])[]): JsonNode {
  const at = random(members.length + 1);
  const member = members[at];
  switch (random(4)) {
    case 0:
      return { kind: 'map', members: members.toSpliced(at, 1) };
    case 1: {
      const name = oneOf(random, NAMES);
      return members.some(([known]) => known === name)
        ? { kind: 'map', members }
        : { kind: 'map', members: [...members, [name, randomNode(random, 1)]] };
    }
    default:
      return member === undefined
        ? { kind: 'map', members }
        : {
            kind: 'map',
            members: members.toSpliced(at, 1, [member[0], mutateOnce(random, member[1])]),
          };
  }
}

export function jsonOf(node: JsonNode): string {
  switch (node.kind) {
    case 'scalar':
      return node.text;
    case 'list':
      return `[${node.items.map(jsonOf).join(',')}]`;
    case 'map':
      return `{${node.members.map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(value)}`).join(',')}}`;
  }
}

/** Every place in a value, the value itself (no step) first. */
export function placesOf(node: JsonNode): readonly (readonly (string | number)[])[] {
  const inside: readonly (readonly [string | number, JsonNode])[] =
    node.kind === 'list'
      ? node.items.map((item, index) => [index, item] as const)
      : node.kind === 'map'
        ? node.members
        : [];
  return [[], ...inside.flatMap(([step, child]) => placesOf(child).map((at) => [step, ...at]))];
}
