import { oneOf, type Random } from '../random-values.ts';
import { type Batch, type FuzzPart, NOTHING, type RuleCategory, type Side } from './batch.ts';
import { type FuzzRules, randomRuleList } from './fuzz-rules.ts';

/** The native library panics when it words a difference between fewer than twenty bytes. */
const PADDING = ' and enough to be worded safely';
const TEXTS = ['red', 'blue', '12', '-5', '', 'a b', 'é', '2024-02-29', '{"a":1}', '<a/>'];
const TYPES = [
  ...['text/plain', 'text/html', 'text/json', 'text/plain; charset=utf-8', 'text/csv'],
  ...['application/json', 'application/json; charset=utf-8', 'application/hal+json'],
  ...['application/xml', 'text/xml', 'application/soap+xml', 'application/graphql'],
  ...['application/octet-stream', 'application/pdf', 'image/png', 'application/javascript'],
  ...['application/x-www-form-urlencoded', 'application/x-thing', 'nonsense'],
];

/** What can be judged only once in an interaction: a text, a type, a status, a path. */
export function singleBatch(random: Random, side: Side): Batch {
  switch (random(side === 'request' ? 4 : 3)) {
    case 0:
      return textBatch(random, side);
    case 1:
      return typeBatch(random, side);
    case 3:
      return pathBatch(random);
    default:
      return side === 'response' ? statusBatch(random) : textBatch(random, side);
  }
}

function textBatch(random: Random, side: Side): Batch {
  const contentType = oneOf(random, ['text/plain', 'text/html', 'application/octet-stream']);
  const padding = contentType.startsWith('text/') ? '' : PADDING;
  const body = oneOf(random, TEXTS.filter(Boolean)) + padding;
  const other = random(3) === 0 ? body : oneOf(random, TEXTS) + padding;
  return single('text', side, {
    category: 'body',
    promised: { ...NOTHING, contentType, body },
    actual: { ...NOTHING, contentType, body: other },
    rules: random(3) === 0 ? {} : { $: randomRuleList(random, 'values') },
  });
}

function typeBatch(random: Random, side: Side): Batch {
  // The native builder of requests aborts on a body that is no form though it is called one, and replaces what is no type.
  const types = side === 'request' ? TYPES.filter((type) => !/form|nonsense/.test(type)) : TYPES;
  const body = oneOf(random, TEXTS);
  // Where a message or request states no type, the native library makes it one and asks for that in metadata or headers.
  const untyped = side === 'response' && random(6) === 0;
  const contentType = untyped ? undefined : oneOf(random, types);
  const otherType = random(2) === 0 ? contentType : oneOf(random, [...TYPES, undefined]);
  return single('type', side, {
    category: 'body',
    promised: { ...NOTHING, contentType, body: random(8) === 0 ? undefined : body },
    actual: {
      ...NOTHING,
      contentType: otherType,
      body: random(2) === 0 ? body : oneOf(random, [...TEXTS, undefined]),
    },
    rules: {},
  });
}

const STATUSES = [200, 201, 204, 301, 404, 422, 500, 503];
const STATUS_RULES = [
  ...['info', 'success', 'redirect', 'clientError', 'serverError', 'nonError', 'error'].map(
    (status) => ({ match: 'statusCode', status }),
  ),
  { match: 'statusCode', status: [200, 404] },
  { match: 'type' },
  { match: 'regex', regex: '2\\d\\d' },
  { match: 'include', value: '4' },
  { match: 'integer' },
];

function statusBatch(random: Random): Batch {
  const status = oneOf(random, STATUSES);
  return single('status', 'response', {
    category: 'status',
    promised: { ...NOTHING, status },
    actual: { ...NOTHING, status: random(3) === 0 ? status : oneOf(random, STATUSES) },
    rules:
      random(4) === 0 ? {} : { '': { matchers: [oneOf(random, STATUS_RULES)], combine: 'AND' } },
  });
}

const PATHS = ['/', '/a', '/a/', '/a/1', '/a/b', '/12', '/red', '/a%20b', '/A'];

function pathBatch(random: Random): Batch {
  const path = oneOf(random, PATHS);
  const list =
    random(2) === 0
      ? randomRuleList(random, 'values')
      : {
          matchers: [{ match: 'regex', regex: oneOf(random, ['/a/\\d+', '/.*', '/a', '/\\w+']) }],
          combine: 'AND' as const,
        };
  return single('path', 'request', {
    category: 'path',
    promised: { ...NOTHING, path },
    actual: { ...NOTHING, path: random(3) === 0 ? path : oneOf(random, PATHS) },
    rules: random(3) === 0 ? {} : { '': list },
  });
}

interface Single {
  readonly category: RuleCategory;
  readonly promised: FuzzPart;
  readonly actual: FuzzPart;
  readonly rules: FuzzRules;
}

function single(family: string, side: Side, one: Single): Batch {
  const { category, promised, actual, rules } = one;
  const show = (part: FuzzPart): string =>
    JSON.stringify([part.path, part.status, part.contentType ?? null, part.body ?? null]);
  const cases = [{ id: '*', expected: show(promised), actual: show(actual), rules }];
  return { family, side, cases, category, promised, actual };
}
