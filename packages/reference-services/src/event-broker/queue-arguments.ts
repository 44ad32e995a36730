import { AmqpError } from './amqp-error.ts';
import { type Field, type FieldTable, textOf } from './field-table.ts';

export type Overflow = 'drop-head' | 'reject-publish' | 'reject-publish-dlx';

/** What the `x-…` arguments of a queue ask for. */
export interface QueueArguments {
  readonly messageTtl: number | undefined;
  readonly maxLength: number | undefined;
  readonly overflow: Overflow;
  readonly deadLetterExchange: string | undefined;
  readonly deadLetterRoutingKey: string | undefined;
}

const overflows: ReadonlySet<string> = new Set([
  'drop-head',
  'reject-publish',
  'reject-publish-dlx',
]);
const known = new Set([
  'x-message-ttl',
  'x-max-length',
  'x-overflow',
  'x-dead-letter-exchange',
  'x-dead-letter-routing-key',
]);

/** Reads the arguments; one of the wrong kind is PRECONDITION_FAILED, one this server does not have NOT_IMPLEMENTED. */
export function readQueueArguments(table: FieldTable): QueueArguments {
  for (const name of table.keys()) {
    const isClassic = name === 'x-queue-type' && textOf(table.get(name)) === 'classic';
    if (!known.has(name) && !isClassic) {
      throw new AmqpError('NOT_IMPLEMENTED', `this server has no queue argument '${name}'`);
    }
  }
  return {
    messageTtl: countOf(table, 'x-message-ttl'),
    maxLength: countOf(table, 'x-max-length'),
    overflow: overflowOf(table),
    deadLetterExchange: optionalText(table, 'x-dead-letter-exchange'),
    deadLetterRoutingKey: deadLetterRoutingKeyOf(table),
  };
}

/** The first argument in which two declarations of one queue differ. */
export function differingArgument(one: QueueArguments, other: QueueArguments): string | undefined {
  const names = Object.keys(one) as (keyof QueueArguments)[];
  return names.find((name) => one[name] !== other[name]);
}

function countOf(table: FieldTable, name: string): number | undefined {
  const field = table.get(name);
  if (field === undefined) return undefined;
  if (field.kind === 'integer' && field.value >= 0n && field.value <= 0xffff_ffffn) {
    return Number(field.value);
  }
  throw invalid(name, field, 'a whole number from 0 to 4294967295');
}

function optionalText(table: FieldTable, name: string): string | undefined {
  const field = table.get(name);
  if (field === undefined || field.kind === 'text') return field?.value;
  throw invalid(name, field, 'a text');
}

function overflowOf(table: FieldTable): Overflow {
  const value = optionalText(table, 'x-overflow') ?? 'drop-head';
  if (overflows.has(value)) return value as Overflow;
  throw new AmqpError('PRECONDITION_FAILED', `invalid arg 'x-overflow': '${value}'`);
}

function deadLetterRoutingKeyOf(table: FieldTable): string | undefined {
  const key = optionalText(table, 'x-dead-letter-routing-key');
  if (key !== undefined && !table.has('x-dead-letter-exchange')) {
    throw new AmqpError(
      'PRECONDITION_FAILED',
      "invalid arg 'x-dead-letter-routing-key': it needs an x-dead-letter-exchange",
    );
  }
  return key;
}

function invalid(name: string, field: Field, wanted: string): AmqpError {
  return new AmqpError(
    'PRECONDITION_FAILED',
    `invalid arg '${name}': ${field.kind} is not ${wanted}`,
  );
}
