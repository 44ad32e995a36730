/** An element with names as rules spell them: `namespace-uri:local` where a namespace is in scope, else the local name. */
export interface XmlElement {
  readonly kind: 'element';
  readonly name: string;
  readonly localName: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
}

/**
 * What stands between the tags. Text is kept in the pieces in which it is written (around references and CDATA), as rules for
 * the number of children count them and comparing trims each. Comments and instructions only count.
 */
export type XmlNode =
  | XmlElement
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'comment' };

export function elementsOf(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child): child is XmlElement => child.kind === 'element');
}

/** The element's own text: every piece without the spaces around it. */
export function textOfElement(element: XmlElement): string {
  return element.children
    .map((child) => (child.kind === 'text' ? child.text.trim() : ''))
    .join('')
    .trim();
}
