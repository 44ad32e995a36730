import { oneOf, type Random } from '../random-values.ts';
import { type Batch, type FuzzCase, type FuzzPart, NOTHING, type Side } from './batch.ts';
import { type FuzzRules, randomRuleList, randomRules, type Steps } from './fuzz-rules.ts';
import { jsonOf, mutate, placesOf, randomNode } from './json-values.ts';
import { hasTie } from './ties.ts';
import { mutateXml, randomXml, xmlOf, xmlPlaces } from './xml-values.ts';

type MakeCase = (random: Random, id: string) => FuzzCase;

/** Cases whose rules tie are drawn again: the native library decides those by chance. */
function makeCases(random: Random, count: number, make: MakeCase): readonly FuzzCase[] {
  return Array.from({ length: count }, (_, index) => make(random, `c${index}`));
}

function withoutTies(draw: () => FuzzRules, places: readonly Steps[]): FuzzRules {
  for (let time = 0; time < 20; time += 1) {
    const rules = draw();
    if (!hasTie(rules, places)) {
      return rules;
    }
  }
  return {};
}

export function jsonBatch(random: Random, side: Side, count: number): Batch {
  const cases = makeCases(random, count, jsonCase);
  const bodyOf = (of: 'expected' | 'actual'): string =>
    `{${cases.map((one) => `"${one.id}":${one[of]}`).join(',')}}`;
  return bodyBatch('json', side, {
    cases,
    contentType: 'application/json',
    expected: bodyOf('expected'),
    actual: bodyOf('actual'),
  });
}

function jsonCase(random: Random, id: string): FuzzCase {
  const expected = randomNode(random, 3);
  const actual = mutate(random, expected);
  const places = [...placesOf(expected), ...placesOf(actual)];
  const rules = withoutTies(
    () => randomRules(random, places, { root: `$.${id}`, family: 'members', stars: true }),
    places.map((place) => [id, ...place]),
  );
  return { id, expected: jsonOf(expected), actual: jsonOf(actual), rules };
}

export function xmlBatch(random: Random, side: Side, count: number): Batch {
  const cases = makeCases(random, count, xmlCase);
  const bodyOf = (of: 'expected' | 'actual'): string =>
    `<?xml version="1.0"?><r xmlns:n="urn:n">${cases.map((one) => `<${one.id}>${one[of]}</${one.id}>`).join('')}</r>`;
  return bodyBatch('xml', side, {
    cases,
    contentType: oneOf(random, ['application/xml', 'text/xml', 'application/soap+xml']),
    expected: bodyOf('expected'),
    actual: bodyOf('actual'),
  });
}

function xmlCase(random: Random, id: string): FuzzCase {
  const expected = randomXml(random, 2);
  const actual = mutateXml(random, expected);
  const places = [...xmlPlaces(expected, undefined), ...xmlPlaces(actual, undefined)];
  const rules = withoutTies(
    () => randomRules(random, places, { root: `$.r.${id}`, family: 'values', stars: true }),
    places.map((place) => ['r', id, ...place]),
  );
  return { id, expected: xmlOf(expected), actual: xmlOf(actual), rules };
}

const VALUES = ['1', '-1', '1.5', 'red', 'blue', 'a b', 'true', 'é', '2024-02-29', '1.2.3', 'a,b'];

function randomValues(random: Random): readonly string[] {
  return Array.from({ length: 1 + random(random(3) + 1) }, () => oneOf(random, VALUES));
}

/** The same values, or others. */
function otherValues(random: Random, values: readonly string[]): readonly string[] {
  return random(3) === 0 ? randomValues(random) : values.slice(0, 1 + random(values.length));
}

function valuesCase(random: Random, id: string): FuzzCase {
  const expected = randomValues(random);
  const actual = random(12) === 0 ? [] : otherValues(random, expected);
  const rules: FuzzRules = random(3) === 0 ? {} : { [`$.${id}`]: randomRuleList(random, 'values') };
  return { id, expected: JSON.stringify(expected), actual: JSON.stringify(actual), rules };
}

function valuesOf(one: FuzzCase, of: 'expected' | 'actual'): readonly string[] {
  return JSON.parse(one[of]);
}

export function formBatch(random: Random, side: Side, count: number): Batch {
  const cases = makeCases(random, count, valuesCase);
  const bodyOf = (of: 'expected' | 'actual'): string =>
    new URLSearchParams(
      cases.flatMap((one) => valuesOf(one, of).map((value): [string, string] => [one.id, value])),
    ).toString();
  return bodyBatch('form', side, {
    cases,
    contentType: 'application/x-www-form-urlencoded',
    expected: bodyOf('expected'),
    actual: bodyOf('actual'),
  });
}

export function multipartBatch(random: Random, side: Side, count: number): Batch {
  const cases = makeCases(random, count, partCase);
  const bodyOf = (of: 'expected' | 'actual'): string =>
    `${cases.map((one) => (one[of] === '' ? '' : `--X\r\n${one[of]}\r\n`)).join('')}--X--\r\n`;
  return bodyBatch('multipart', side, {
    cases,
    contentType: 'multipart/form-data; boundary=X',
    expected: bodyOf('expected'),
    actual: bodyOf('actual'),
  });
}

function partCase(random: Random, id: string): FuzzCase {
  const place = random(3) === 0 ? '' : oneOf(random, ['.a', '.b', "['#text']", '[0]']);
  const draw = randomPart(random, id);
  const rules: FuzzRules =
    random(2) === 0 ? {} : { [`$.${id}${place}`]: randomRuleList(random, 'values') };
  const actual = random(3) === 0 ? randomPart(random, id)() : draw();
  return { id, expected: draw(), actual: random(15) === 0 ? '' : actual, rules };
}

/** A field or a file, drawn again with the same headers and maybe another content. */
function randomPart(random: Random, id: string): () => string {
  const disposition = `Content-Disposition: form-data; name="${id}"`;
  switch (random(5)) {
    case 0:
    case 1:
      return () => `${disposition}\r\n\r\n${oneOf(random, VALUES)}`;
    case 2:
      return () =>
        `${disposition}; filename="f.json"\r\nContent-Type: application/json\r\n\r\n${oneOf(random, ['{"a":1,"b":"x"}', '{"a":2,"b":"y"}', '{"a":"1"}', '[1]'])}`;
    case 3:
      return () =>
        `${disposition}; filename="f.xml"\r\nContent-Type: application/xml\r\n\r\n${oneOf(random, ['<a>1</a>', '<a>2</a>', '<b/>'])}`;
    default:
      return () =>
        `${disposition}; filename="f.txt"\r\nContent-Type: text/plain\r\n\r\n${oneOf(random, VALUES)}`;
  }
}

/** Names in any case; values beside each other stand for one header sent several times. */
export function headerBatch(random: Random, side: Side, count: number): Batch {
  const cases = makeCases(random, count, valuesCase).map((one) => ({
    ...one,
    rules: renamed(one.rules, () => oneOf(random, [`x-${one.id}`, `X-${one.id.toUpperCase()}`])),
  }));
  const headersOf = (of: 'expected' | 'actual'): FuzzPart['headers'] =>
    cases.flatMap((one) =>
      valuesOf(one, of).map((value) => [`X-${one.id}`, value.replace('é', 'e')] as const),
    );
  return {
    family: 'header',
    side,
    cases,
    category: 'header',
    promised: { ...NOTHING, headers: headersOf('expected') },
    actual: { ...NOTHING, headers: headersOf('actual') },
  };
}

export function queryBatch(random: Random, count: number): Batch {
  const cases = makeCases(random, count, valuesCase).map((one) => ({
    ...one,
    rules: renamed(one.rules, () => one.id),
  }));
  const queryOf = (of: 'expected' | 'actual'): FuzzPart['query'] =>
    cases.flatMap((one) => valuesOf(one, of).map((value) => [one.id, value] as const));
  return {
    family: 'query',
    side: 'request',
    cases,
    category: 'query',
    promised: { ...NOTHING, query: queryOf('expected') },
    actual: { ...NOTHING, query: queryOf('actual') },
  };
}

export function metadataBatch(random: Random, count: number): Batch {
  const cases = makeCases(random, count, metadataCase).map((one) => ({
    ...one,
    rules: Object.fromEntries(
      Object.values(one.rules)
        .slice(0, 1)
        .map((list) => [one.id, list] as const),
    ),
  }));
  const metadataOf = (of: 'expected' | 'actual'): FuzzPart['metadata'] =>
    cases.map((one) => [one.id, one[of]] as const);
  return {
    family: 'metadata',
    side: 'message',
    cases,
    category: 'metadata',
    promised: { ...NOTHING, metadata: metadataOf('expected') },
    actual: { ...NOTHING, metadata: metadataOf('actual') },
  };
}

/** Metadata comes as values, which have lost how their numbers were spelled. */
function metadataCase(random: Random, id: string): FuzzCase {
  const one = jsonCase(random, id);
  return isPlain(one.expected) && isPlain(one.actual) ? one : metadataCase(random, id);
}

function isPlain(json: string): boolean {
  return JSON.stringify(JSON.parse(json)) === json;
}

function renamed(rules: FuzzRules, name: () => string): FuzzRules {
  return Object.fromEntries(Object.values(rules).map((list) => [name(), list]));
}

interface Bodies {
  readonly cases: readonly FuzzCase[];
  readonly contentType: string;
  readonly expected: string;
  readonly actual: string;
}

function bodyBatch(family: string, side: Side, bodies: Bodies): Batch {
  const { cases, contentType, expected, actual } = bodies;
  return {
    family,
    side,
    cases,
    category: 'body',
    promised: { ...NOTHING, contentType, body: expected },
    actual: { ...NOTHING, contentType, body: actual },
  };
}
