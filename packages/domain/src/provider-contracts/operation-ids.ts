import type { OpenDocument } from './open-document.ts';
import type { Place } from './place.ts';

/** Reads operation ids and reports the second use of one; an absent id is no defect. */
export function operationIds(document: OpenDocument): (place: Place) => string | undefined {
  const first = new Map<string, string>();
  return (place) => {
    if (place.value === undefined) return undefined;
    const id = document.text(place, '"operationId"');
    if (id === undefined) return undefined;
    const same = first.get(id);
    if (same === undefined) first.set(id, place.pointer);
    else {
      document.report(place, `operationId "${id}" is already used at ${same}; give each its own.`);
    }
    return id;
  };
}
