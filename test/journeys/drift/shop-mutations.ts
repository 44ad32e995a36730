import { inBody, type Mutation } from './mutating-proxy.ts';

/** One way in which the orders service could answer the gateway otherwise than their pact says. */
export interface ShopMutation {
  readonly title: string;
  readonly mutation: Mutation;
  /** `part rule pointer` as the guard tells it; none where nothing is broken. */
  readonly breaks?: readonly string[];
}

type Fields = Record<string, unknown>;

const without =
  (name: string) =>
  ({ [name]: _gone, ...kept }: Fields) =>
    kept;
const lineOf = (fields: Fields) => (fields.lines as readonly Fields[])[0] ?? {};

/** Of `GET /v1/orders/{id}`, which the pact describes field by field. */
export const shopMutations: readonly ShopMutation[] = [
  {
    title: 'a dropped field',
    mutation: inBody(without('totalCents')),
    breaks: ['body required /totalCents'],
  },
  {
    title: 'a renamed field',
    mutation: inBody(({ customer, ...kept }) => ({ ...kept, buyer: customer })),
    breaks: ['body required /customer'],
  },
  {
    title: 'a field dropped deep inside',
    mutation: inBody((fields) => ({ ...fields, lines: [without('sku')(lineOf(fields))] })),
    breaks: ['body required /lines/*/sku'],
  },
  {
    title: 'a number that becomes a text',
    mutation: inBody((fields) => ({ ...fields, totalCents: String(fields.totalCents) })),
    breaks: ['body integer /totalCents'],
  },
  {
    title: 'an integer that becomes a decimal',
    mutation: inBody((fields) => ({
      ...fields,
      lines: [{ ...lineOf(fields), priceCents: 12.5 }],
    })),
    breaks: ['body integer /lines/*/priceCents'],
  },
  {
    title: 'a text that becomes a number',
    mutation: inBody((fields) => ({ ...fields, customer: 7 })),
    breaks: ['body type /customer'],
  },
  {
    title: 'a value that becomes null',
    mutation: inBody((fields) => ({ ...fields, currency: null })),
    breaks: ['body regex /currency'],
  },
  {
    title: 'a new value of an enumeration',
    mutation: inBody((fields) => ({ ...fields, status: 'archived' })),
    breaks: ['body regex /status'],
  },
  {
    title: 'another form of ids',
    mutation: inBody((fields) => ({ ...fields, id: 'order-7' })),
    breaks: ['body regex /id'],
  },
  {
    title: 'another form of times',
    mutation: inBody((fields) => ({ ...fields, placedAt: '31.01.2026 09:30' })),
    breaks: ['body datetime /placedAt'],
  },
  {
    title: 'an emptied list',
    mutation: inBody((fields) => ({ ...fields, lines: [] })),
    breaks: ['body type /lines'],
  },
  {
    title: 'a list that becomes an object',
    mutation: inBody((fields) => ({ ...fields, lines: { first: lineOf(fields) } })),
    breaks: ['body type /lines'],
  },
  {
    title: 'an object that is wrapped in a list',
    mutation: inBody((fields) => [fields]),
    breaks: ['body type '],
  },
  {
    title: 'another content type',
    mutation: (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'content-type': 'text/plain' },
    }),
    breaks: ['body equality ', 'header equality Content-Type'],
  },
];

export const shopVariations: readonly ShopMutation[] = [
  { title: 'nothing changed', mutation: (answer) => answer },
  {
    title: 'an additional field',
    mutation: inBody((fields) => ({ ...fields, giftWrap: true })),
  },
  {
    title: 'other values of the same form',
    mutation: inBody((fields) => ({ ...fields, currency: 'SEK', customer: 'grace' })),
  },
  {
    title: 'more entries in a list',
    mutation: inBody((fields) => ({ ...fields, lines: [lineOf(fields), lineOf(fields)] })),
  },
  {
    title: 'another order of fields, and white space',
    mutation: (answer) => ({
      ...answer,
      body: JSON.stringify(
        Object.fromEntries(Object.entries(JSON.parse(answer.body) as Fields).reverse()),
        null,
        4,
      ),
    }),
  },
  {
    title: 'a parameter of the content type, and more headers',
    mutation: (answer) => ({
      ...answer,
      headers: {
        ...answer.headers,
        'content-type': 'application/json; charset=utf-8',
        'x-cache': 'miss',
      },
    }),
  },
];
