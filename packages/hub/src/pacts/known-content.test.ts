import { isJsonObject, type JsonValue, parseJson } from '@concordat/domain';
import { describe, expect, test } from 'vitest';
import { KnownContent } from './known-content.ts';

const PACT = '{"consumer":{"name":"web"},"provider":{"name":"shop"},"interactions":[]}';

function parsed(text: string): JsonValue {
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.defect.message);
  return result.value;
}

describe('content that was sent before', () => {
  function counting(text: string): { readonly read: () => JsonValue; count: number } {
    const reading = {
      count: 0,
      read: () => {
        reading.count += 1;
        return parsed(text);
      },
    };
    return reading;
  }

  test('is not read again, and is the same', () => {
    const known = new KnownContent();
    const reading = counting(PACT);
    const { document: _, ...first } = known.recall(PACT, reading.read) ?? {};
    const { document: __, ...second } = known.recall(PACT, reading.read) ?? {};
    expect(second).toEqual(first);
    expect(second).toMatchObject({ consumer: 'web', provider: 'shop' });
    expect(reading.count).toBe(1);
  });

  test('is read when somebody wants the document', () => {
    const known = new KnownContent();
    known.recall(PACT, () => parsed(PACT));
    const document = known.recall(PACT, () => parsed(PACT))?.document();
    expect(isJsonObject(document)).toBe(true);
  });

  test('is told apart by every byte', () => {
    const known = new KnownContent();
    const other = PACT.replace('[]', '[1]');
    const shas = [PACT, other, PACT].map((text) => known.recall(text, () => parsed(text))?.sha);
    expect(shas[2]).toBe(shas[0]);
    expect(shas[1]).not.toBe(shas[0]);
  });

  test('is another when anything is, where all of the document counts', () => {
    const sha = (text: string) =>
      new KnownContent({ identifiesByPromises: false }).recall(text, () => parsed(text))?.sha;
    const spaced = PACT.replaceAll(',', ' , ');
    const reordered = '{"provider":{"name":"shop"},"consumer":{"name":"web"},"interactions":[]}';
    expect(sha(spaced)).toBe(sha(PACT));
    expect(sha(reordered)).not.toBe(sha(PACT));
  });

  test('names no side when it names none itself', () => {
    const content = new KnownContent().recall('{}', () => parsed('{}'));
    expect([content?.consumer, content?.provider]).toEqual([undefined, undefined]);
  });

  test('is forgotten when it was used longest ago and there is no more room', () => {
    const known = new KnownContent({ capacity: 2 });
    const reading = counting('{}');
    for (const sent of ['a', 'b', 'a', 'c', 'a', 'b']) known.recall(sent, reading.read);
    expect(reading.count).toBe(4);
  });

  test('is not remembered when it was no document', () => {
    const known = new KnownContent();
    expect(known.recall('x', () => undefined)).toBeUndefined();
    expect(known.recall('x', () => parsed('{}'))).toBeDefined();
  });
});
