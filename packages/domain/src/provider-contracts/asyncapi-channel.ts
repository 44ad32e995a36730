import type { OpenDocument } from './open-document.ts';
import { templateNames } from './openapi-parameters.ts';
import { child, isMapping, members, type Place } from './place.ts';

/** Compares the names in a channel address with its declared parameters, both ways. */
export function checkAddressParameters(
  document: OpenDocument,
  channel: Place,
  address: string,
): void {
  const names = templateNames(address);
  const place = child(channel, 'parameters');
  document.mapping(place, `"parameters" of channel "${address}"`);
  const declared = members(place);
  for (const name of names) {
    if (!declared.some(({ key }) => key === name)) {
      const what = `Parameter "${name}" of channel address "${address}"`;
      document.report(channel, `${what} is not declared; add it to the channel's "parameters".`);
    }
  }
  for (const parameter of declared) {
    if (!names.includes(parameter.key)) {
      const what = `Parameter "${parameter.key}"`;
      const advice = `add {${parameter.key}} or remove it`;
      document.report(parameter, `${what} is not in the channel address "${address}"; ${advice}.`);
    }
  }
}

/** A message must be a mapping (or a reference to one); a reference to another file is taken as it is. */
export function checkMessage(document: OpenDocument, place: Place, where: string): void {
  const target = document.follow(place);
  if (target !== undefined && !isMapping(target.value)) {
    document.report(target, `A message of ${where} must be a mapping.`);
  }
}
