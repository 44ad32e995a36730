import type { SampleBody } from '@concordat/conformance';
import { pointerStep } from './pointer-names.ts';

const mostFields = 100;
const mostVisits = 2_000;
const deepest = 12;
/** Of a longer list the first ones stand for all. */
const items = 20;

/** JSON pointers of every member that a JSON body has, array positions as `*`; empty when it is no JSON. */
export function fieldsOfBody(body: SampleBody | undefined): readonly string[] {
  if (body === undefined || !/\bjson\b/i.test(body.contentType ?? '')) return [];
  try {
    return fieldsOf(JSON.parse(Buffer.from(body.content).toString('utf8')));
  } catch {
    return [];
  }
}

/** Bounded in number, depth and in what is looked at. */
export function fieldsOf(root: unknown): readonly string[] {
  const fields = new Set<string>();
  let visits = 0;
  for (const pointer of pointersBelow(root, '', 0)) {
    visits += 1;
    if (!pointer.endsWith('/*')) fields.add(pointer);
    if (visits >= mostVisits || fields.size >= mostFields) break;
  }
  return [...fields];
}

function* pointersBelow(value: unknown, pointer: string, depth: number): Iterable<string> {
  if (typeof value !== 'object' || value === null || depth > deepest) return;
  const isList = Array.isArray(value);
  const entries = isList ? value.slice(0, items).entries() : Object.entries(value);
  for (const [name, member] of entries) {
    const at = `${pointer}/${isList ? '*' : pointerStep(String(name))}`;
    yield at;
    yield* pointersBelow(member, at, depth + 1);
  }
}
