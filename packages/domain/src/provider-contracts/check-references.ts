import type { OpenDocument } from './open-document.ts';
import { children, isMapping, type NamedPlace, type Place, referenceOf } from './place.ts';

/** Keys whose values are data of the user's own, where `$ref` means nothing. */
const DATA = new Set(['example', 'default', 'enum', 'const']);

/** Keys whose members are names that the author chose, so that a property called `default` is not data. */
const NAMED = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);

interface Step {
  readonly place: Place;
  /** The document and every enclosing schema with an `$id`: what `#/…` may be relative to. */
  readonly bases: readonly Place[];
  readonly key: string;
}

/** Reports every local `$ref` that leads nowhere and answers the others' files, each reference once. */
export function checkReferences(document: OpenDocument): readonly string[] {
  const external = new Set<string>();
  const anchors = new Set<string>();
  const toAnchors: { readonly place: Place; readonly reference: string }[] = [];
  for (const { place, bases } of steps(document.root)) {
    noteAnchors(place.value, anchors);
    const reference = referenceOf(place.value);
    if (reference === undefined) continue;
    if (!reference.startsWith('#')) external.add(reference);
    else if (/^#[^/]/.test(reference)) toAnchors.push({ place, reference });
    else checkPointer(document, { place, reference, bases });
  }
  for (const { place, reference } of toAnchors) {
    if (!anchors.has(reference.slice(1))) reportLost(document, place, reference);
  }
  return [...external];
}

/** Depth first without recursion; an aliased value is visited once, so aliases cannot multiply the work. */
function* steps(root: Place): Generator<Step> {
  const seen = new Set<unknown>();
  const waiting: Step[] = [{ place: root, bases: [root], key: '' }];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    if (seen.has(step.place.value)) continue;
    seen.add(step.place.value);
    yield step;
    const bases = opensBase(step.place.value) ? [...step.bases, step.place] : step.bases;
    for (const place of parts(step).reverse()) waiting.push({ place, bases, key: place.key });
  }
}

function parts({ place, key }: Step): NamedPlace[] {
  const inside = children(place).filter(({ value }) => typeof value === 'object' && value !== null);
  if (NAMED.has(key)) return inside;
  return inside
    .filter((part) => !DATA.has(part.key) && !part.key.startsWith('x-'))
    .flatMap((part) => (part.key === 'examples' ? referencedExamples(part) : [part]));
}

/** An example itself is data; only an entry that is a reference points anywhere. */
function referencedExamples(place: Place): NamedPlace[] {
  if (!isMapping(place.value)) return [];
  return children(place).filter(({ value }) => referenceOf(value) !== undefined);
}

function opensBase(value: unknown): boolean {
  return isMapping(value) && typeof value.$id === 'string' && !value.$id.startsWith('#');
}

function noteAnchors(value: unknown, anchors: Set<string>): void {
  if (!isMapping(value)) return;
  if (typeof value.$anchor === 'string') anchors.add(value.$anchor);
  if (typeof value.$dynamicAnchor === 'string') anchors.add(value.$dynamicAnchor);
  if (typeof value.$id === 'string' && value.$id.startsWith('#')) anchors.add(value.$id.slice(1));
}

interface LocalReference {
  readonly place: Place;
  readonly reference: string;
  readonly bases: readonly Place[];
}

function checkPointer(document: OpenDocument, { place, reference, bases }: LocalReference): void {
  const found = bases.some((base) => document.resolve(reference, base) !== undefined);
  if (!found) reportLost(document, place, reference);
  else if (bases.length === 1 && circles(document, place)) {
    document.report(place, `$ref "${reference}" leads back to itself; point it at a definition.`);
  }
}

function circles(document: OpenDocument, place: Place): boolean {
  const seen = new Set<string>();
  let reference = referenceOf(place.value);
  while (reference?.startsWith('#')) {
    if (seen.has(reference)) return true;
    seen.add(reference);
    reference = referenceOf(document.resolve(reference, document.root)?.value);
  }
  return false;
}

function reportLost(document: OpenDocument, place: Place, reference: string): void {
  document.report(
    place,
    `$ref "${reference}" points at nothing in this document; add what it names or correct the path.`,
  );
}
