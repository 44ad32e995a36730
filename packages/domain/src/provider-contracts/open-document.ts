import { child, isMapping, type Mapping, type Place, referenceOf, segmentsOf } from './place.ts';

interface Reported {
  readonly pointer: string;
  readonly message: string;
}

/** A parsed document while it is read: follows its references and gathers every defect instead of stopping at the first. */
export class OpenDocument {
  readonly root: Place;
  readonly #reported: Reported[] = [];

  constructor(value: unknown) {
    this.root = { value, pointer: '' };
  }

  get defects(): readonly Reported[] {
    return this.#reported;
  }

  report(place: Place, message: string): void {
    this.#reported.push({ pointer: place.pointer, message });
  }

  /** The mapping at a place; anything else that is present is reported, an absent one is not. */
  mapping(place: Place, what: string): Mapping | undefined {
    if (isMapping(place.value)) return place.value;
    if (place.value !== undefined) {
      this.report(
        place,
        `${what} must be a mapping of names to values; it is ${kindOf(place.value)}.`,
      );
    }
    return undefined;
  }

  /** The list at a place, absent ones as empty. */
  list(place: Place, what: string): readonly Place[] {
    if (place.value === undefined) return [];
    if (!Array.isArray(place.value)) {
      this.report(place, `${what} must be a list; it is ${kindOf(place.value)}.`);
      return [];
    }
    return place.value.map((_, index) => child(place, String(index)));
  }

  /** A text that must be there and not be empty. */
  text(place: Place, what: string): string | undefined {
    const { value } = place;
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.report(place, textDefect(value, what));
    return undefined;
  }

  /** Where a chain of local references ends; undefined when it leaves the document or leads nowhere. */
  follow(place: Place): Place | undefined {
    const seen = new Set<string>();
    let current: Place | undefined = place;
    let reference = referenceOf(place.value);
    while (current !== undefined && reference !== undefined) {
      if (seen.has(reference)) return undefined;
      seen.add(reference);
      current = this.resolve(reference, this.root);
      reference = referenceOf(current?.value);
    }
    return current;
  }

  /**
   * The place a `#/…` reference names under a base, walking through references on the way; where one of those leaves
   * the document, that one's place.
   */
  resolve(reference: string, base: Place): Place | undefined {
    if (reference === '#') return base;
    if (!reference.startsWith('#/')) return undefined;
    let current = base;
    for (const segment of segmentsOf(reference)) {
      const at = this.#through(current);
      const next = child(at, segment);
      if (next.value === undefined) return isElsewhere(at.value) ? at : undefined;
      current = next;
    }
    return current;
  }

  #through(place: Place): Place {
    let current = place;
    for (let hops = 0; hops < MAXIMUM_HOPS; hops += 1) {
      const reference = referenceOf(current.value);
      if (reference === undefined) return current;
      const target = directTarget(this.root, reference);
      if (target === undefined) return current;
      current = target;
    }
    return current;
  }
}

const MAXIMUM_HOPS = 32;

function isElsewhere(value: unknown): boolean {
  return referenceOf(value)?.startsWith('#') === false;
}

/** Plain pointer steps only: a reference in the middle of another reference's path is followed one level. */
function directTarget(root: Place, reference: string): Place | undefined {
  if (!reference.startsWith('#/')) return undefined;
  const target = segmentsOf(reference).reduce<Place>(child, root);
  return target.value === undefined ? undefined : target;
}

/** A word for a value's kind in messages. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `the ${typeof value === 'string' ? 'text' : typeof value} ${JSON.stringify(value)}`;
}

function textDefect(value: unknown, what: string): string {
  if (value === undefined) return `${what} is missing; add it as text.`;
  if (typeof value === 'number')
    return `${what} is the number ${value}; put quotes around it: it must be text.`;
  return `${what} must be text that is not empty; it is ${kindOf(value)}.`;
}
