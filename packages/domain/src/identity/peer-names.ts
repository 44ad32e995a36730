import { splitHostPort } from '../traffic/normalise-attributes.ts';

/** Where an inner network's names end, and which label before that is the service. */
const INNER: readonly (readonly [RegExp, number])[] = [
  // A pod of a stateful set: orders-0.orders.shop.svc.
  [/^[^.]+\.([^.]+)\.[^.]+\.svc(?:\.[^.]+)*$/, 1],
  [/^([^.]+)\.[^.]+\.svc(?:\.[^.]+)*$/, 1],
  [/^(?:[^.]+\.)?([^.]+)\.service(?:\.[^.]+)?\.consul$/, 1],
  [/^tasks\.([^.]+)$/, 1],
  [/^([^.]+)\.(?:local|localdomain|internal|lan)$/, 1],
];

/**
 * What a peer that is known by its address only may be called, the nearest first: the host, and the service that names of
 * Kubernetes, Consul, Swarm and inner networks begin with. The names of the outside world say nothing.
 */
export function peerNames(address: string): readonly string[] {
  const { host } = splitHostPort(address.toLowerCase());
  const names = [host, ...INNER.map(([form, group]) => form.exec(host)?.[group])];
  return [
    ...new Set(names.filter((name) => name !== undefined && isName(name, address))),
  ] as string[];
}

function isName(name: string, address: string): boolean {
  return name !== '' && name !== address && !/^[\d.:]*$/.test(name);
}
