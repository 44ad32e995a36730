import { oneOf, type Random } from '../random-values.ts';
import type { Steps } from './fuzz-rules.ts';

export interface XmlNode {
  readonly name: string;
  /** The default namespace it declares. */
  readonly namespace: string | undefined;
  readonly attributes: readonly (readonly [string, string])[];
  readonly children: readonly (XmlNode | string)[];
}

const NAMES = ['a', 'b', 'item', 'x-y', 'n1', 'é'];
const ATTRIBUTES = ['id', 'k', 'x-y', 'n:id'];
const TEXTS = ['', '1', '22', 'red', 'blue', ' red ', 'a b', '1.5', 'true', '2024-02-29', '\n  '];
const WRITTEN = ['&amp;', 'a &lt; b', '<![CDATA[red]]>', '<!-- c -->', '&#65;', '<?p i?>', ' red '];

export function randomXml(random: Random, depth: number): XmlNode {
  const attributes = new Set(
    Array.from({ length: random(3) }, () => oneOf(random, ATTRIBUTES.slice(0, 3 + random(2)))),
  );
  return {
    name: oneOf(random, NAMES),
    namespace: random(12) === 0 ? oneOf(random, ['urn:1', 'urn:2']) : undefined,
    attributes: [...attributes].map((name) => [name, oneOf(random, TEXTS)]),
    children: Array.from({ length: random(4) }, () => randomChild(random, depth)),
  };
}

function randomChild(random: Random, depth: number): XmlNode | string {
  if (depth === 0 || random(3) === 0) {
    return random(4) === 0 ? oneOf(random, WRITTEN) : oneOf(random, TEXTS);
  }
  return randomXml(random, depth - 1);
}

export function mutateXml(random: Random, node: XmlNode): XmlNode {
  let mutated = node;
  for (let time = random(3); time > 0; time -= 1) {
    mutated = mutateOnce(random, mutated);
  }
  return mutated;
}

function mutateOnce(random: Random, node: XmlNode): XmlNode {
  const at = random(node.children.length + 1);
  const child = node.children[at];
  switch (random(9)) {
    case 0:
      return { ...node, name: oneOf(random, NAMES) };
    case 1:
      return { ...node, attributes: node.attributes.slice(1) };
    case 2:
      return { ...node, attributes: node.attributes.map(([name]) => [name, oneOf(random, TEXTS)]) };
    case 3:
      return { ...node, attributes: withAttribute(random, node.attributes) };
    case 4:
      return { ...node, children: node.children.toSpliced(at, 1) };
    case 5:
      return { ...node, children: node.children.toSpliced(at, 0, child ?? randomChild(random, 1)) };
    default:
      return {
        ...node,
        children: node.children.toSpliced(
          at,
          1,
          typeof child === 'object' ? mutateOnce(random, child) : oneOf(random, TEXTS),
        ),
      };
  }
}

function withAttribute(random: Random, attributes: XmlNode['attributes']): XmlNode['attributes'] {
  const name = oneOf(random, ATTRIBUTES);
  return attributes.some(([known]) => known === name)
    ? attributes
    : [...attributes, [name, oneOf(random, TEXTS)]];
}

/** Prefix `n` is declared by whoever embeds it. */
export function xmlOf({ name, namespace, attributes, children }: XmlNode): string {
  const written = attributes.map(([key, value]) => ` ${key}="${value.replaceAll('\n', ' ')}"`);
  const declared = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  const inside = children.map((child) => (typeof child === 'string' ? child : xmlOf(child)));
  return `<${name}${declared}${written.join('')}>${inside.join('')}</${name}>`;
}

/** Elements, attributes and texts as rules address them, namespaces spelled out. */
export function xmlPlaces(node: XmlNode, outer: string | undefined): readonly Steps[] {
  const namespace = node.namespace ?? outer;
  const name = namespace === undefined ? node.name : `${namespace}:${node.name}`;
  const inside: readonly Steps[] = [
    [],
    ['#text'],
    ...node.attributes.map(([key]) => [`@${key.replace('n:', 'urn:n:')}`]),
    ...node.children.flatMap((child) =>
      typeof child === 'string' ? [] : xmlPlaces(child, namespace),
    ),
  ];
  return inside.map((at) => [name, ...at]);
}
