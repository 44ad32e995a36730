/** How many service colours the token file holds. */
export const serviceColours = 12;

/** The number of a service's colour: the same name has the same colour in every view and on every machine. */
export function serviceColour(service: string): number {
  let hash = 2166136276;
  for (let index = 0; index < service.length; index += 1) {
    hash = Math.imul(hash ^ service.charCodeAt(index), 16777619);
  }
  return (hash >>> 0) % serviceColours;
}
