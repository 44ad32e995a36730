import { expect, test } from 'vitest';
import { HubError } from '../http/hub-error.ts';
import { readDocument } from './read-document.ts';

interface Place {
  readonly detail: string;
  readonly pointer: string;
  readonly line: number | null;
  readonly column: number | null;
}

const YAML = 'application/yaml';
const JSON_TYPE = 'application/json';

function read(text: string, type = YAML) {
  return readDocument(Buffer.from(text), type);
}

/** Each defect as `line:column pointer detail`. */
function defects(text: string, type = YAML): readonly string[] {
  try {
    read(text, type);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    expect(error.code).toBe('INVALID_DOCUMENT');
    const errors = error.details.extensions?.errors as readonly Place[];
    return errors.map(
      ({ line, column, pointer, detail }) => `${line}:${column} ${pointer} ${detail}`,
    );
  }
  return [];
}

test('a YAML document answers its contract, its sha256 and its bytes', () => {
  const text = 'openapi: 3.1.0 # ours\ninfo: {title: Orders, version: "1"}\npaths: {}\n';
  const document = read(text);
  expect(document.contract).toMatchObject({ title: 'Orders', specificationVersion: '3.1.0' });
  expect(document.sha256).toBe('0253229ac66a5327650be8d36d79458010a126b27f8f6e162984b94eb56d24d2');
  expect(Buffer.from(document.content).toString()).toBe(text);
});

test('JSON is read as JSON, with tabs and escapes, and a byte order mark does not disturb', () => {
  const text =
    '\uFEFF{\n\t"openapi": "3.0.0",\n\t"info": {"title": "a\\u00e4", "version": "1"},\n\t"paths": {}\n}';
  expect(read(text, JSON_TYPE).contract.title).toBe('aä');
});

test('YAML merge keys and anchors are resolved', () => {
  const text = `openapi: 3.0.0
info: {title: a, version: "1"}
x-common: &common
  responses: {"200": {description: ok}}
paths:
  /a: {get: {<<: *common, operationId: a}, put: {<<: *common}}
`;
  expect(read(text).contract.operations.map(({ key }) => key)).toEqual(['GET /a', 'PUT /a']);
});

test('numbers as response keys and keys named like prototype members are ordinary', () => {
  const text = `openapi: 3.0.0
info: {title: a, version: "1"}
paths: {/a: {get: {responses: {200: {description: ok}}}}}
components: {schemas: {__proto__: {type: string}, constructor: {$ref: "#/components/schemas/__proto__"}}}
`;
  expect(read(text).contract.operations).toMatchObject([{ statuses: ['200'] }]);
  const lost = text.replace('schemas/__proto__"', 'schemas/toString"');
  expect(defects(lost)[0]).toMatch(/^4:\d+ \/components\/schemas\/constructor \$ref/);
});

test.each([
  [
    'every YAML syntax error has its line and column',
    YAML,
    'a: @x\nb: [1\nc: {',
    [
      '1:4  YAML: Plain value cannot start with reserved character @.',
      '3:1  YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
      '3:5  YAML: Flow map in block collection must be sufficiently indented and end with a }.',
    ],
  ],
  [
    'a tab as indentation is a syntax error',
    YAML,
    'a:\n\tb: 1',
    ['2:1  YAML: Tabs are not allowed as indentation.'],
  ],
  [
    'several documents in one file are refused',
    YAML,
    'a: 1\n---\nb: 1\n',
    ['2:1  YAML: Several documents in one file; publish each by itself.'],
  ],
  [
    'a repeated YAML key has the place of the second',
    YAML,
    'openapi: 3.0.0\ninfo:\n  title: a\n  version: "1"\n  title: b\npaths: {}\nx-list: [{k: 1, k: 2}]',
    [
      '5:3 /info/title Key "title" stands twice in one mapping; remove one.',
      '7:17 /x-list/0/k Key "k" stands twice in one mapping; remove one.',
    ],
  ],
  [
    'a repeated JSON key has the place of the second',
    JSON_TYPE,
    '{"openapi": "3.0.0",\n "info": {"title": "a", "version": "1"},\n "paths": {}, "tags": [1, {"n": 1},\n {"m": {}, "m": []}], "paths": {}}',
    [
      '4:12 /tags/2/m Key "m" stands twice in one mapping; remove one.',
      '4:23 /paths Key "paths" stands twice in one mapping; remove one.',
    ],
  ],
  [
    'broken JSON has the place where reading stopped',
    JSON_TYPE,
    '{"a": 1,\n "b": }',
    ["2:7  JSON: unexpected character: '}'."],
  ],
  [
    'JSON that ends too early has the place of its end',
    JSON_TYPE,
    '{"a": [\n1,',
    ['2:3  JSON: unexpected end of input.'],
  ],
  [
    'a mistake in YAML has the place of its key, a missing member the place of its parent',
    YAML,
    'openapi: 3.0.0\ninfo: {title: a, version: "1"}\npaths:\n  /a/{id}:\n    get:\n      operationId: x\n',
    [
      '5:5 /paths/~1a~1{id}/get Operation "GET /a/{id}" has no "responses"; add at least one.',
      '5:5 /paths/~1a~1{id}/get Path parameter "id" of "GET /a/{id}" is not declared; add it to "parameters", in: path.',
    ],
  ],
  [
    'a mistake in JSON has the place of its key, a missing member the place of its parent',
    JSON_TYPE,
    '{"openapi": "3.0.0",\n "info": {"title": 5},\n "paths": {}, "servers": [{}, [1, 2], "x"], "tags": {}}',
    [
      '2:2 /info/version "info.version" is missing; add it as text.',
      '2:11 /info/title "info.title" is the number 5; put quotes around it: it must be text.',
      '3:45 /tags "tags" must be a list; it is a mapping.',
    ],
  ],
  [
    'a mistake in a list has the place of the item',
    YAML,
    'openapi: 3.0.0\ninfo: {title: a, version: "1"}\npaths:\n  /a:\n    parameters:\n      - {name: q, in: query}\n      - nonsense\n',
    ['7:9 /paths/~1a/parameters/1 A parameter must be a mapping with "name" and "in".'],
  ],
  [
    'a mistake in a JSON list has the place of the item',
    JSON_TYPE,
    '{"openapi": "3.0.0", "info": {"title": "a", "version": "1"},\n"paths": {"/a": {"parameters": [{"name": "q", "in": "query"}, "no"]}}}',
    ['2:63 /paths/~1a/parameters/1 A parameter must be a mapping with "name" and "in".'],
  ],
  [
    'a mistake behind an alias has the place of the alias',
    YAML,
    'openapi: 3.0.0\ninfo: &i {title: a}\nx: *i\npaths: {/a: *i}\n',
    ['2:1 /info/version "info.version" is missing; add it as text.'],
  ],
  [
    'an empty document has only a first place',
    YAML,
    '',
    ['1:1  The document must be a mapping; it is empty.'],
  ],
  [
    'a document of the other specification than its content type says is refused',
    'application/vnd.aai.asyncapi+yaml',
    'openapi: 3.0.0\ninfo: {title: a, version: "1"}\npaths: {}',
    [
      '1:1  The content type is application/vnd.aai.asyncapi+yaml, but the document is openapi; send the type that fits.',
    ],
  ],
  [
    'a key that is a list is refused',
    YAML,
    '? [a, b]\n: 1',
    ['1:3  YAML: With stringKeys, all keys must be strings.'],
  ],
  [
    'an alias without its anchor is refused',
    YAML,
    'a: *gone',
    [
      'null:null  YAML: Unresolved alias (the anchor must be set before the alias): gone; use anchors at most 1000 times.',
    ],
  ],
])('%s', (...[, type, text, expected]) => {
  expect(defects(text, type)).toEqual(expected);
});

test('anchors that multiply are refused before they cost memory', () => {
  const levels = Array.from({ length: 30 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x]'
      : `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
  );
  expect(defects(levels.join('\n'))).toEqual([expect.stringMatching(/Excessive alias count/)]);
});

test.each([
  ['YAML', YAML],
  ['JSON', JSON_TYPE],
])('%s nested a hundred thousand times is refused and the process lives', (_, type) => {
  const depth = 100_000;
  expect(defects(`${'['.repeat(depth)}${']'.repeat(depth)}`, type)).toHaveLength(1);
});

test('bytes that are not UTF-8 are refused', () => {
  expect(() => readDocument(Uint8Array.of(0x61, 0xff), YAML)).toThrow(/non UTF-8/);
});

test.each([
  ['YAML', YAML],
  ['JSON', JSON_TYPE],
])(
  'a mistake repeated in ten thousand lines of %s is listed a thousand times and counted',
  (_, type) => {
    const paths = Object.fromEntries(
      Array.from({ length: 10_000 }, (__, index) => [`/a${index}`, 1]),
    );
    const text = JSON.stringify(
      { openapi: '3.0.0', info: { title: 'a', version: '1' }, paths },
      null,
      1,
    );
    expect(defects(text, type)).toHaveLength(1000);
    expect(() => read(text, type)).toThrow('10000 defects');
  },
);
