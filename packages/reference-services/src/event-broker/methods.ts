import { AmqpError } from './amqp-error.ts';
import { type FieldTable, readTable, writeTable } from './field-table.ts';
import { type ArgumentType, type ArgumentTypes, specification } from './method-specification.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

type Specification = typeof specification;
export type MethodName = keyof Specification;

type ArgumentsOf<Types> = {
  readonly [Name in keyof Types]: Types[Name] extends ArgumentType
    ? ArgumentTypes[Types[Name]]
    : never;
};

/** The arguments of a method by its name. */
export type MethodArguments<Name extends MethodName> = ArgumentsOf<Specification[Name][2]>;

/** A method with its arguments. */
export type Method = {
  [Name in MethodName]: { readonly name: Name; readonly arguments: MethodArguments<Name> };
}[MethodName];

const namesByIds = new Map(
  Object.entries(specification).map(([name, [classId, methodId]]) => [
    classId * 65_536 + methodId,
    name as MethodName,
  ]),
);

/** Reads a method frame's payload. An unknown method is NOT_IMPLEMENTED. */
export function readMethod(payload: Buffer): Method {
  const reader = new WireReader(payload);
  const classId = reader.short();
  const methodId = reader.short();
  const name = namesByIds.get(classId * 65_536 + methodId);
  if (name === undefined) {
    throw new AmqpError(
      'NOT_IMPLEMENTED',
      `method ${methodId} of class ${classId} is not supported`,
    );
  }
  return { name, arguments: readArguments(reader, specification[name][2]) } as Method;
}

function readArguments(
  reader: WireReader,
  types: Readonly<Record<string, ArgumentType>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  let bits = 0;
  let bitsRead = 0;
  for (const [name, type] of Object.entries(types)) {
    if (type !== 'bit') {
      values[name] = type === 'table' ? readTable(reader) : reader[type]();
      bitsRead = 0;
      continue;
    }
    // Neighbouring bits share an octet, lowest first; no method here has more than eight in a row.
    if (bitsRead === 0) bits = reader.octet();
    values[name] = (bits & (1 << bitsRead)) !== 0;
    bitsRead += 1;
  }
  return values;
}

/** Writes a method frame's payload. */
export function writeMethod<Name extends MethodName>(
  name: Name,
  values: MethodArguments<Name>,
): Buffer {
  const [classId, methodId, types] = specification[name];
  const writer = new WireWriter().short(classId).short(methodId);
  let bits = 0;
  let bitsWritten = 0;
  const flushBits = () => {
    if (bitsWritten > 0) writer.octet(bits);
    bits = 0;
    bitsWritten = 0;
  };
  for (const [argument, type] of Object.entries<ArgumentType>(types)) {
    const value = (values as Readonly<Record<string, unknown>>)[argument];
    if (type === 'bit') {
      if (value) bits |= 1 << bitsWritten;
      bitsWritten += 1;
      continue;
    }
    flushBits();
    writeArgument(writer, type, value);
  }
  flushBits();
  return writer.build();
}

function writeArgument(
  writer: WireWriter,
  type: Exclude<ArgumentType, 'bit'>,
  value: unknown,
): void {
  switch (type) {
    case 'octet':
    case 'short':
    case 'long':
      writer[type](value as number);
      return;
    case 'longlong':
      writer.longlong(value as bigint);
      return;
    case 'shortstr':
      writer.shortstr(value as string);
      return;
    case 'longstr':
      writer.longstr(value as Buffer);
      return;
    case 'table':
      writeTable(writer, value as FieldTable);
  }
}
