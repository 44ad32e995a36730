import { describe, expect, test } from 'vitest';
import { readXml } from './read-xml.ts';

function read(text: string): ReturnType<typeof readXml> {
  return readXml(Buffer.from(text));
}

describe('an XML document', () => {
  test('is read with names, attributes and texts in the pieces they are written in', () => {
    const text = '<?xml version="1.0"?><a k="&lt;&#x41;"><b xml:lang=\'e\'/>1&amp;2<!-- - --></a>';
    expect(read(text)).toEqual({
      kind: 'document',
      root: {
        kind: 'element',
        name: 'a',
        localName: 'a',
        attributes: new Map([['k', '<A']]),
        children: [
          {
            kind: 'element',
            name: 'b',
            localName: 'b',
            attributes: new Map([['http://www.w3.org/XML/1998/namespace:lang', 'e']]),
            children: [],
          },
          { kind: 'text', text: '1' },
          { kind: 'text', text: '&' },
          { kind: 'text', text: '2' },
          { kind: 'comment' },
        ],
      },
    });
  });

  test('of a default namespace may have children that leave it', () => {
    const reading = read('<a xmlns="u"><b xmlns=""/></a>');
    expect(reading).toMatchObject({ root: { name: 'u:a', children: [{ name: 'b' }] } });
  });

  test.each([
    ['nothing', ''],
    ['only spaces', ' \n'],
    ['text before the root', 'x<a/>'],
    ['text after the root', '<a/>x'],
    ['two roots', '<a/><b/>'],
    ['an open element', '<a><b></a>'],
    ['another end', '<a></b>'],
    ['an end alone', '</a>'],
    ['a cut tag', '<a'],
    ['a tag without a name', '< a/>'],
    ['an attribute without a value', '<a b/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['an attribute that does not end', '<a b="1/>'],
    ['a tag inside an attribute', '<a b="<"/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['attributes without a space between', '<a b="1"c="2"/>'],
    ['a prefix that is not declared', '<x:a/>'],
    ['a prefix of an attribute that is not declared', '<a x:b=""/>'],
    ['an entity of its own', '<a>&e;</a>'],
    ['an open reference', '<a>&amp</a>'],
    ['a reference to no character', '<a>&#0;</a>'],
    ['a reference to half a character', '<a>&#xD800;</a>'],
    ['a comment that does not end', '<a><!-- </a>'],
    ['CDATA that does not end', '<a><![CDATA[</a>'],
    ['declarations', '<!DOCTYPE a [<!ENTITY e "e">]><a>&e;</a>'],
    ['a document type inside', '<a><!DOCTYPE a></a>'],
  ])('with %s is refused', (_caption, text) => {
    expect(read(text)).toMatchObject({ kind: 'defect', defect: expect.any(String) });
  });

  test('that is no UTF-8 is refused', () => {
    expect(readXml(Buffer.from([0x3c, 0x61, 0xff, 0x2f, 0x3e])).kind).toBe('defect');
  });

  test('is read as deep as 256 elements, and no deeper', () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(read(nested(256)).kind).toBe('document');
    expect(read(nested(257))).toMatchObject({ defect: expect.stringContaining('deeper') });
    expect(read('<a>'.repeat(100_000)).kind).toBe('defect');
  });

  test('of more than eight megabytes is not read', () => {
    expect(readXml(Buffer.alloc(8 * 1024 * 1024 + 1, ' '))).toMatchObject({ kind: 'defect' });
  });

  test('with a million entities costs no more than it is long', () => {
    const reading = read(`<a>${'&amp;'.repeat(100_000)}</a>`);
    expect(reading.kind === 'document' && reading.root.children).toHaveLength(100_000);
  });
});
