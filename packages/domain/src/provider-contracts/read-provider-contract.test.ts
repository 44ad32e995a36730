import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { DocumentDefect, ProviderContract } from './provider-contract.ts';
import { readProviderContract } from './read-provider-contract.ts';

const INFO = 'info: {title: Orders, version: "1.0"}';
const OPENAPI = `openapi: 3.0.3\n${INFO}`;
const ASYNCAPI_2 = `asyncapi: 2.6.0\n${INFO}`;
const ASYNCAPI_3 = `asyncapi: 3.0.0\n${INFO}`;
const OK = 'responses: {"200": {description: ok}}';

function reading(yaml: string) {
  return readProviderContract(parse(yaml), () => undefined);
}

function contract(yaml: string): ProviderContract {
  const answer = reading(yaml);
  if (answer.kind === 'refused') throw new Error(JSON.stringify(answer.defects, null, 1));
  return answer.contract;
}

function defects(yaml: string): readonly string[] {
  const answer = reading(yaml);
  if (answer.kind === 'contract') return [];
  return answer.defects.map(({ pointer, message }) => `${pointer}: ${message}`);
}

test('an OpenAPI document answers its routes with their statuses in document order', () => {
  const document = `${OPENAPI}
x-team: shop
servers: [{url: /v1}]
paths:
  /orders:
    post: {operationId: placeOrder, responses: {"201": {description: made}, default: {description: no}}}
    x-note: {get: {}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true}]
    get: {responses: {"200": {description: ok}, 4XX: {description: no}}}
`;
  expect(contract(document)).toEqual({
    specification: 'openapi',
    specificationVersion: '3.0.3',
    title: 'Orders',
    version: '1.0',
    externalReferences: [],
    operations: [
      {
        kind: 'http',
        key: 'POST /orders',
        method: 'POST',
        path: '/orders',
        basePaths: ['/v1'],
        operationId: 'placeOrder',
        statuses: ['201', 'default'],
      },
      {
        kind: 'http',
        key: 'GET /orders/{id}',
        method: 'GET',
        path: '/orders/{id}',
        basePaths: ['/v1'],
        operationId: undefined,
        statuses: ['200', '4XX'],
      },
    ],
  });
});

test.each<readonly [string, string, readonly string[] | undefined]>([
  ['has none without servers', '', undefined],
  ['has none with a server at the root', 'servers: [{url: "https://shop.example/"}]', undefined],
  [
    'has each once',
    'servers: [{url: "https://a.example/v1/"}, {url: "http://b:80/v1?x"}]',
    ['/v1'],
  ],
  [
    'may be relative',
    'servers: [{url: v2}, {url: ./v3/x}, {url: //c.example/v4}]',
    ['/v2', '/v3/x', '/v4'],
  ],
  [
    'has the defaults of its variables',
    'servers: [{url: "/{base}/{no}", variables: {base: {default: $&}, x: {}}}]',
    ['/$&/{no}'],
  ],
  ['is not told by what is no server', 'servers: [{url: 7}, text]', undefined],
])('the base path of a route %s', (_what, servers, basePaths) => {
  const document = `${OPENAPI}\n${servers}\npaths: {/orders: {get: {${OK}}}}`;
  expect(contract(document).operations).toEqual([
    expect.objectContaining({ path: '/orders', ...(basePaths && { basePaths }) }),
  ]);
  if (basePaths === undefined) {
    expect(contract(document).operations[0]).not.toHaveProperty('basePaths');
  }
});

test('the servers of a path stand instead of the document’s, those of an operation instead of both', () => {
  const document = `${OPENAPI}
servers: [{url: /v1}]
paths:
  /a: {servers: [{url: /v2}], get: {${OK}}, put: {servers: [{url: /v3}], ${OK}}}
  /b: {servers: [], get: {${OK}}}`;
  expect(contract(document).operations).toMatchObject([
    { key: 'GET /a', basePaths: ['/v2'] },
    { key: 'PUT /a', basePaths: ['/v3'] },
    { key: 'GET /b', basePaths: ['/v1'] },
  ]);
});

test('an AsyncAPI 2 document is turned to the view of the service: publish receives, subscribe sends', () => {
  const document = `${ASYNCAPI_2}
channels:
  order.placed:
    subscribe:
      operationId: tell
      message: {oneOf: [{$ref: "#/components/messages/placed"}, {name: Other}, {payload: {}}]}
  order.cancel:
    publish: {message: {messageId: cancel}}
    subscribe: {}
  order.moved:
    subscribe: {message: {$ref: "messages.yaml#/moved"}}
  elsewhere: {$ref: "./channels.yaml#/x"}
components: {messages: {placed: {payload: {}}}}
`;
  expect(contract(document).operations).toEqual([
    {
      kind: 'message',
      key: 'send order.placed',
      action: 'send',
      channel: 'order.placed',
      operationId: 'tell',
      messages: ['placed', 'Other', 'message'],
    },
    {
      kind: 'message',
      key: 'receive order.cancel',
      action: 'receive',
      channel: 'order.cancel',
      operationId: undefined,
      messages: ['cancel'],
    },
    {
      kind: 'message',
      key: 'send order.cancel',
      action: 'send',
      channel: 'order.cancel',
      operationId: undefined,
      messages: [],
    },
    {
      kind: 'message',
      key: 'send order.moved',
      action: 'send',
      channel: 'order.moved',
      operationId: undefined,
      messages: ['moved'],
    },
  ]);
});

test('an AsyncAPI 3 operation is named by the address of its channel, by its id when the address is unknown', () => {
  const document = `${ASYNCAPI_3}
channels:
  placed: {address: order.placed, messages: {a: {}, b: {$ref: "#/components/messages/b"}}}
  later: {address: null, messages: {a: {}}}
  moved: {$ref: "#/components/channels/moved"}
  away: {$ref: "https://example.org/channels.json#/away"}
operations:
  tell: {action: send, channel: {$ref: "#/channels/placed"}}
  hear: {action: receive, channel: {$ref: "#/channels/later"}, messages: [{$ref: "#/channels/later/messages/a"}]}
  none: {action: receive, channel: {$ref: "#/channels/placed"}, messages: []}
  shared: {$ref: "#/components/operations/shared"}
  far: {action: send, channel: {$ref: "#/channels/away"}}
  file: {action: send, channel: {$ref: "channel.yaml"}}
  other: {$ref: "other.yaml#/x"}
  external: {action: send, channel: {$ref: "other.yaml#/channels/a~1b"}, messages: [{$ref: "other.yaml#/channels/a~1b/messages/m"}]}
  asks:
    action: send
    channel: {$ref: "#/channels/placed"}
    reply: {channel: {$ref: "#/channels/later"}, messages: [{$ref: "#/channels/later/messages/a"}]}
  askedByAddress: {action: send, channel: {$ref: "#/channels/placed"}, reply: {address: {location: x}}}
  anyReply: {action: send, channel: {$ref: "#/channels/placed"}, reply: {channel: {$ref: "#/channels/later"}}}
  farReply: {action: send, channel: {$ref: "#/channels/placed"}, reply: {$ref: "far.yaml"}}
components:
  messages: {b: {}}
  channels: {moved: {address: "moved.{id}", parameters: {id: {}}, messages: {m: {}}}}
  operations:
    shared: {action: send, channel: {$ref: "#/channels/moved"}, messages: [{$ref: "#/channels/moved/messages/m"}]}
`;
  const found = contract(document);
  expect(
    found.operations.map((one) => [
      one.operationId,
      one.key,
      one.kind === 'message' && one.messages,
    ]),
  ).toEqual([
    ['tell', 'send order.placed', ['a', 'b']],
    ['hear', 'receive later', ['a']],
    ['none', 'receive order.placed', []],
    ['shared', 'send moved.{id}', ['m']],
    ['far', 'send away', []],
    ['file', 'send channel.yaml', []],
    ['external', 'send a/b', ['m']],
    ['asks', 'send order.placed', ['a', 'b']],
    ['askedByAddress', 'send order.placed', ['a', 'b']],
    ['anyReply', 'send order.placed', ['a', 'b']],
    ['farReply', 'send order.placed', ['a', 'b']],
  ]);
  expect(found.externalReferences).toEqual([
    'https://example.org/channels.json#/away',
    'channel.yaml',
    'other.yaml#/x',
    'other.yaml#/channels/a~1b',
    'other.yaml#/channels/a~1b/messages/m',
    'far.yaml',
  ]);
});

test.each([
  [
    'no components, paths or webhooks are needed beside one of them',
    'openapi: 3.1.0\ninfo: {title: a, version: b}\nwebhooks: {}',
  ],
  ['an AsyncAPI 3 document may have neither channels nor operations', ASYNCAPI_3],
  [
    'OpenAPI 3.1 lets an operation have no responses',
    `openapi: 3.1.1\n${INFO}\npaths: {/a: {get: {}}}`,
  ],
  [
    'parameters may stand at the path or be references',
    `${OPENAPI}
paths:
  /a/{b}/{c}:
    parameters: [{$ref: "#/components/parameters/b"}]
    get: {parameters: [{name: c, in: path}, {name: c, in: query}], ${OK}}
components: {parameters: {b: {name: b, in: path}}}`,
  ],
  [
    'a parameter in another file may be the one that is missing here',
    `${OPENAPI}
paths: {"/a/{b}": {get: {parameters: [{$ref: "p.yaml#/b"}], ${OK}}}}`,
  ],
  ['a path item in another file is not followed', `${OPENAPI}\npaths: {/a: {$ref: "a.yaml"}}`],
  [
    'a request body and a response may be references',
    `${OPENAPI}
paths: {/a: {post: {requestBody: {$ref: "#/components/requestBodies/b"}, responses: {"200": {$ref: "r.yaml"}}}}}
components: {requestBodies: {b: {content: {}}}}`,
  ],
  [
    'a request body in another file is taken as it is',
    `${OPENAPI}
paths: {/a: {post: {requestBody: {$ref: "b.yaml"}, ${OK}}}}`,
  ],
  [
    'a property may be called $ref, default or example',
    `${OPENAPI}
paths: {}
components: {schemas: {s: {properties: {$ref: {type: string}, default: {$ref: "#/components/schemas/t"}}}, t: {}}}`,
  ],
  [
    'examples, defaults and extensions are data',
    `${OPENAPI}
paths: {}
x-own: {$ref: "#/nowhere"}
components:
  schemas: {s: {default: {$ref: "#/no"}, examples: [{$ref: "#/no"}], example: {$ref: "#/no"}, enum: [{$ref: "#/no"}]}}
  parameters: {p: {name: p, in: query, examples: {one: {value: {$ref: "#/no"}}, two: {$ref: "#/components/examples/e"}}}}
  examples: {e: {$ref: "#/components/parameters/p"}}`,
  ],
  [
    'a reference may go through another reference',
    `${OPENAPI}
paths: {}
components: {schemas: {a: {properties: {x: {type: string}}}, b: {$ref: "#/components/schemas/a"}, c: {$ref: "#/components/schemas/b/properties/x"}}}`,
  ],
  [
    'a reference may go through one that leaves the document',
    `${OPENAPI}
paths: {}
components: {schemas: {a: {$ref: "other.yaml#/a"}, b: {$ref: "#/components/schemas/a/properties/x"}}}`,
  ],
  [
    'a reference to the whole document resolves',
    `${OPENAPI}
paths: {}
components: {schemas: {a: {properties: {self: {$ref: "#"}}}}}`,
  ],
  [
    'an anchor resolves',
    `${OPENAPI}
paths: {}
components: {schemas: {a: {$anchor: here}, b: {$ref: "#here"}, c: {$dynamicAnchor: node}, d: {$ref: "#node"}, e: {$id: "#old"}, f: {$ref: "#old"}}}`,
  ],
  [
    'a schema with an $id is a base of its own',
    `${OPENAPI}
paths: {}
components: {schemas: {a: {$id: "https://example.org/a", $defs: {x: {}}, properties: {y: {$ref: "#/$defs/x"}}}}}`,
  ],
  [
    'slashes, tildes and percent signs in names are escaped',
    `${OPENAPI}
paths: {}
components: {schemas: {"a/b~c d": {}, e: {$ref: "#/components/schemas/a~1b~0c%20d"}, "50%": {}, f: {$ref: "#/components/schemas/50%"}}}`,
  ],
])('accepted: %s', (_, document) => {
  expect(defects(document)).toEqual([]);
});

test.each([
  ['a list', '[1]', [': The document must be a mapping; it is a list.']],
  ['nothing', '', [': The document must be a mapping; it is empty.']],
  ['a text', 'hello', [': The document must be a mapping; it is the text "hello".']],
  [
    'neither specification',
    INFO,
    [
      ': Neither "openapi" nor "asyncapi" is there; begin with "openapi: 3.1.0" or "asyncapi: 3.0.0".',
    ],
  ],
  [
    'both specifications',
    `${OPENAPI}\nasyncapi: 3.0.0`,
    [': Both "openapi" and "asyncapi" are there; publish two documents.'],
  ],
  [
    'Swagger 2',
    `swagger: "2.0"\n${INFO}`,
    [': Swagger 2.0 is not supported; convert the document to OpenAPI 3.'],
  ],
  [
    'a version of the future',
    `openapi: 4.0.0\n${INFO}`,
    ['/openapi: "openapi" 4.0.0 is not supported; use 3.0.x, 3.1.x or 3.2.x.'],
  ],
  [
    'an old AsyncAPI',
    `asyncapi: 1.2.0\n${INFO}`,
    ['/asyncapi: "asyncapi" 1.2.0 is not supported; use 2.0.x to 2.6.x, 3.0.x or 3.1.x.'],
  ],
  [
    'a version that is a number',
    `openapi: 3.1\n${INFO}`,
    ['/openapi: "openapi" is the number 3.1; put quotes around it: it must be text.'],
  ],
  [
    'no info',
    'openapi: 3.0.0\npaths: {}',
    ['/info: "info" is missing; add it with "title" and "version".'],
  ],
  [
    'info that is a text',
    'openapi: 3.0.0\ninfo: x\npaths: {}',
    ['/info: "info" must be a mapping of names to values; it is the text "x".'],
  ],
  [
    'no title, and a version that YAML reads as a number',
    'openapi: 3.0.0\ninfo: {version: 1.0}\npaths: {}',
    [
      '/info/title: "info.title" is missing; add it as text.',
      '/info/version: "info.version" is the number 1; put quotes around it: it must be text.',
    ],
  ],
  [
    'an empty title',
    'openapi: 3.0.0\ninfo: {title: " ", version: true}\npaths: {}',
    [
      '/info/title: "info.title" must be text that is not empty; it is the text " ".',
      '/info/version: "info.version" must be text that is not empty; it is the boolean true.',
    ],
  ],
  [
    'no paths in 3.0',
    OPENAPI,
    ['/paths: "paths" is missing; add it, as "paths: {}" when there are no routes.'],
  ],
  [
    'nothing at all in 3.1',
    `openapi: 3.1.0\n${INFO}`,
    ['/paths: None of "paths", "components" and "webhooks" is there; add "paths".'],
  ],
  [
    'paths that are a list',
    `${OPENAPI}\npaths: []`,
    ['/paths: "paths" must be a mapping of names to values; it is a list.'],
  ],
  [
    'a path that is a text',
    `${OPENAPI}\npaths: {/a: text}`,
    ['/paths/~1a: Path "/a" must be a mapping of methods to operations.'],
  ],
  [
    'a path without its slash',
    `${OPENAPI}\npaths: {a: {}}`,
    ['/paths/a: Path "a" must begin with "/"; write "/a".'],
  ],
  [
    'two templates of one shape',
    `${OPENAPI}\npaths: {"/a/{b}": {}, "/a/{c}": {}}`,
    ['/paths/~1a~1{c}: Path "/a/{c}" is the same route as "/a/{b}"; merge the two.'],
  ],
  [
    'an operation that is a text',
    `${OPENAPI}\npaths: {/a: {get: text}}`,
    ['/paths/~1a/get: Operation "GET /a" must be a mapping.'],
  ],
  [
    'an operation without responses',
    `${OPENAPI}\npaths: {/a: {get: {}}}`,
    ['/paths/~1a/get: Operation "GET /a" has no "responses"; add at least one.'],
  ],
  [
    'no response in the list',
    `${OPENAPI}\npaths: {/a: {get: {responses: {}}}}`,
    ['/paths/~1a/get/responses: "responses" of "GET /a" is empty; add at least one.'],
  ],
  [
    'responses that are a list',
    `${OPENAPI}\npaths: {/a: {get: {responses: [a]}}}`,
    [
      '/paths/~1a/get/responses: "responses" of "GET /a" must be a mapping of names to values; it is a list.',
    ],
  ],
  [
    'an impossible status and a response that is no mapping',
    `${OPENAPI}\npaths: {/a: {get: {responses: {"2000": {}, "200": 1}}}}`,
    [
      '/paths/~1a/get/responses/200: Response 200 of "GET /a" must be a mapping.',
      '/paths/~1a/get/responses/2000: "2000" of "GET /a" is no response; use a status such as 201, a range such as 4XX, or default.',
    ],
  ],
  [
    'an operation id used twice',
    `${OPENAPI}\npaths: {/a: {get: {operationId: x, ${OK}}, put: {operationId: x, ${OK}}}}`,
    [
      '/paths/~1a/put/operationId: operationId "x" is already used at /paths/~1a/get/operationId; give each its own.',
    ],
  ],
  [
    'an operation id that is a number',
    `${OPENAPI}\npaths: {/a: {get: {operationId: 7, ${OK}}}}`,
    [
      '/paths/~1a/get/operationId: "operationId" is the number 7; put quotes around it: it must be text.',
    ],
  ],
  [
    'a path parameter that is not declared',
    `${OPENAPI}\npaths: {"/a/{b}": {get: {parameters: [{name: b, in: query}], ${OK}}}}`,
    [
      '/paths/~1a~1{b}/get: Path parameter "b" of "GET /a/{b}" is not declared; add it to "parameters", in: path.',
    ],
  ],
  [
    'a path parameter that is not in the path',
    `${OPENAPI}\npaths: {/a: {parameters: [{name: b, in: path}], get: {${OK}}}}`,
    [
      '/paths/~1a/parameters/0: The path parameter "b" is not in the path "/a"; add {b} or remove it.',
    ],
  ],
  [
    'parameters of the wrong shape',
    `${OPENAPI}\npaths: {/a: {parameters: {b: c}, get: {parameters: [x, {in: body, name: y}, {in: query}, {name: z}, {name: q, in: query}, {name: q, in: query}], ${OK}}}}`,
    [
      '/paths/~1a/parameters: "parameters" must be a list; it is a mapping.',
      '/paths/~1a/get/parameters/0: A parameter must be a mapping with "name" and "in".',
      '/paths/~1a/get/parameters/1/in: "in" of parameter "y" is "body"; use one of path, query, header, cookie, querystring.',
      '/paths/~1a/get/parameters/2/name: "name" of a parameter is missing; add it as text.',
      '/paths/~1a/get/parameters/3/in: "in" of parameter "z" is missing; use one of path, query, header, cookie, querystring.',
      '/paths/~1a/get/parameters/5: The query parameter "q" is declared twice in one list; remove one.',
    ],
  ],
  [
    'a parameter without anything',
    `${OPENAPI}\npaths: {/a: {parameters: [{}]}}`,
    [
      '/paths/~1a/parameters/0/name: "name" of a parameter is missing; add it as text.',
      '/paths/~1a/parameters/0/in: "in" of parameter "" is missing; use one of path, query, header, cookie, querystring.',
    ],
  ],
  [
    'request bodies of the wrong shape',
    `${OPENAPI}\npaths: {/a: {put: {requestBody: x, ${OK}}, post: {requestBody: {}, ${OK}}, patch: {requestBody: {content: []}, ${OK}}}}`,
    [
      '/paths/~1a/put/requestBody: "requestBody" of "PUT /a" must be a mapping of names to values; it is the text "x".',
      '/paths/~1a/post/requestBody: "requestBody" of "POST /a" has no "content"; add its media types.',
      '/paths/~1a/patch/requestBody/content: "content" of the request body of "PATCH /a" must be a mapping of names to values; it is a list.',
    ],
  ],
  [
    'components, servers and tags of the wrong shape',
    `${OPENAPI}\npaths: {}\ncomponents: []\nservers: {}\ntags: null`,
    [
      '/components: "components" must be a mapping of names to values; it is a list.',
      '/servers: "servers" must be a list; it is a mapping.',
      '/tags: "tags" must be a list; it is empty.',
    ],
  ],
  [
    'references that lead nowhere',
    `${OPENAPI}
paths: {}
components: {schemas: {a: {$ref: "#/components/schemas/b"}, c: {$ref: "#gone"}, d: {$ref: "#/components/schemas/c/x"}, e: {$ref: "#/info/title/x"}, f: {$ref: "#/components/schemas/g/x"}, g: {$ref: "#/gone"}}}`,
    [
      '/components/schemas/a: $ref "#/components/schemas/b" points at nothing in this document; add what it names or correct the path.',
      '/components/schemas/d: $ref "#/components/schemas/c/x" points at nothing in this document; add what it names or correct the path.',
      '/components/schemas/e: $ref "#/info/title/x" points at nothing in this document; add what it names or correct the path.',
      '/components/schemas/f: $ref "#/components/schemas/g/x" points at nothing in this document; add what it names or correct the path.',
      '/components/schemas/g: $ref "#/gone" points at nothing in this document; add what it names or correct the path.',
      '/components/schemas/c: $ref "#gone" points at nothing in this document; add what it names or correct the path.',
    ],
  ],
  [
    'references in a circle',
    `${OPENAPI}
paths: {/a: {$ref: "#/components/pathItems/a"}}
components: {pathItems: {a: {$ref: "#/components/pathItems/a"}}, schemas: {a: {$ref: "#/components/pathItems/a/x"}}}`,
    [
      '/paths/~1a: $ref "#/components/pathItems/a" leads back to itself; point it at a definition.',
      '/components/pathItems/a: $ref "#/components/pathItems/a" leads back to itself; point it at a definition.',
      '/components/schemas/a: $ref "#/components/pathItems/a/x" points at nothing in this document; add what it names or correct the path.',
    ],
  ],
  [
    'no channels in AsyncAPI 2',
    ASYNCAPI_2,
    ['/channels: "channels" is missing; add it, as "channels: {}" when there are none.'],
  ],
  [
    'channels, servers and components of the wrong shape',
    `${ASYNCAPI_2}\nchannels: []\nservers: []\ncomponents: x`,
    [
      '/servers: "servers" must be a mapping of names to values; it is a list.',
      '/components: "components" must be a mapping of names to values; it is the text "x".',
      '/channels: "channels" must be a mapping of names to values; it is a list.',
    ],
  ],
  [
    'broken channels of AsyncAPI 2',
    `${ASYNCAPI_2}
channels:
  a: text
  b: {publish: [], subscribe: {message: 1}}
  "c.{id}.{other}": {parameters: {id: {}, more: {}}}
  d: {publish: {operationId: x, message: {oneOf: {}}}, subscribe: {operationId: x, message: {oneOf: [2]}}}`,
    [
      '/channels/a: Channel "a" must be a mapping.',
      '/channels/b/publish: "publish" of channel "b" must be a mapping of names to values; it is a list.',
      '/channels/b/subscribe/message: A message of "subscribe" of channel "b" must be a mapping.',
      '/channels/c.{id}.{other}: Parameter "other" of channel address "c.{id}.{other}" is not declared; add it to the channel\'s "parameters".',
      '/channels/c.{id}.{other}/parameters/more: Parameter "more" is not in the channel address "c.{id}.{other}"; add {more} or remove it.',
      '/channels/d/publish/message/oneOf: "oneOf" of the message of "publish" of channel "d" must be a list; it is a mapping.',
      '/channels/d/subscribe/operationId: operationId "x" is already used at /channels/d/publish/operationId; give each its own.',
      '/channels/d/subscribe/message/oneOf/0: A message of "subscribe" of channel "d" must be a mapping.',
    ],
  ],
  [
    'broken channels of AsyncAPI 3',
    `${ASYNCAPI_3}
channels: {a: text, b: {address: 7}, c: {messages: []}, d: {messages: {m: 1}}, "e": {address: "e.{x}", parameters: [1]}}`,
    [
      '/channels/a: Channel "a" must be a mapping.',
      '/channels/b/address: "address" of channel "b" must be text or null; it is the number 7.',
      '/channels/c/messages: "messages" of channel "c" must be a mapping of names to values; it is a list.',
      '/channels/d/messages/m: A message of channel "d" must be a mapping.',
      '/channels/e/parameters: "parameters" of channel "e.{x}" must be a mapping of names to values; it is a list.',
      '/channels/e: Parameter "x" of channel address "e.{x}" is not declared; add it to the channel\'s "parameters".',
      '/channels/e/parameters/0: Parameter "0" is not in the channel address "e.{x}"; add {0} or remove it.',
    ],
  ],
  [
    'broken operations of AsyncAPI 3',
    `${ASYNCAPI_3}
channels: {a: {messages: {m: {}}}, b: {messages: {m: {}}}}
components: {messages: {m: {}}}
operations:
  text: x
  verb: {action: publish, channel: {$ref: "#/channels/a"}}
  noAction: {channel: {$ref: "#/channels/a"}}
  noChannel: {action: send, messages: [{$ref: "#/channels/a/messages/m"}]}
  inline: {action: send, channel: {address: x}}
  component: {action: send, channel: {$ref: "#/components/messages/m"}}
  lost: {action: send, channel: {$ref: "#/channels/gone"}}
  foreign: {action: send, channel: {$ref: "#/channels/a"}, messages: [{$ref: "#/channels/b/messages/m"}, {$ref: "#/components/messages/m"}, {payload: {}}]}
  missing: {action: send, channel: {$ref: "#/channels/a"}, messages: [{$ref: "#/channels/a/messages/n"}]}
  notList: {action: send, channel: {$ref: "#/channels/a"}, messages: {}}
  reply: {action: send, channel: {$ref: "#/channels/a"}, reply: {messages: []}}
  replies: {action: send, channel: {$ref: "#/channels/a"}, reply: 1}
  foreignReply: {action: send, channel: {$ref: "#/channels/a"}, reply: {channel: {$ref: "#/channels/b"}, messages: [{$ref: "#/channels/a/messages/m"}]}}`,
    [
      '/operations/text: Operation "text" must be a mapping.',
      '/operations/verb/action: "action" of operation "verb" is the text "publish"; use send or receive.',
      '/operations/noAction/action: "action" of operation "noAction" is missing; use send or receive.',
      '/operations/noChannel/channel: "channel" of operation "noChannel" must be a reference to a channel; write "channel: {$ref: \'#/channels/…\'}".',
      '/operations/inline/channel: "channel" of operation "inline" must be a reference to a channel; write "channel: {$ref: \'#/channels/…\'}".',
      '/operations/component/channel: "#/components/messages/m" of operation "component" is no channel; point at #/channels/….',
      '/operations/foreign/messages/0: "#/channels/b/messages/m" of operation "foreign" is not a message of its channel; list it there and point at #/channels/a/messages/….',
      '/operations/foreign/messages/1: "#/components/messages/m" of operation "foreign" is not a message of its channel; list it there and point at #/channels/a/messages/….',
      '/operations/foreign/messages/2: A message of operation "foreign" must be a reference; point at one of the messages of its channel.',
      '/operations/notList/messages: "messages" of operation "notList" must be a list; it is a mapping.',
      '/operations/reply/reply: the reply of operation "reply" has messages but no "channel"; name the channel.',
      '/operations/replies/reply: "reply" of operation "replies" must be a mapping of names to values; it is the number 1.',
      '/operations/foreignReply/reply/messages/0: "#/channels/a/messages/m" of the reply of operation "foreignReply" is not a message of its channel; list it there and point at #/channels/b/messages/….',
      '/operations/lost/channel: $ref "#/channels/gone" points at nothing in this document; add what it names or correct the path.',
      '/operations/missing/messages/0: $ref "#/channels/a/messages/n" points at nothing in this document; add what it names or correct the path.',
    ],
  ],
])('refused: %s', (_, document, expected) => {
  expect(defects(document)).toEqual(expected);
});

test('defects stand in the order of the text, each with its place', () => {
  const lines: Record<string, DocumentDefect['position']> = {
    '/info/title': { line: 9, column: 2 },
    '/info/version': { line: 9, column: 1 },
    '/paths': { line: 3, column: 1 },
  };
  const answer = readProviderContract({ openapi: '3.0.0', info: {} }, (pointer) => lines[pointer]);
  expect(answer).toMatchObject({
    kind: 'refused',
    defects: [
      { pointer: '/paths', position: { line: 3, column: 1 } },
      { pointer: '/info/version', position: { line: 9, column: 1 } },
      { pointer: '/info/title', position: { line: 9, column: 2 } },
    ],
  });
});

test('a value that contains itself is read once', () => {
  const schema: Record<string, unknown> = {};
  schema.properties = { self: schema };
  const document = {
    openapi: '3.0.0',
    info: { title: 'a', version: 'b' },
    paths: {},
    components: { schema },
  };
  expect(readProviderContract(document, () => undefined).kind).toBe('contract');
});
