import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { readDocument } from './read-document.ts';

const examples = join(import.meta.dirname, '../../../../test/cases/asyncapi-examples');
const contracts = join(import.meta.dirname, '../../../../contracts');

/** YAML files below a folder, fragments of others apart. */
function documents(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => join(folder, file));
}

function read(file: string) {
  return readDocument(readFileSync(file), 'application/yaml');
}

const isFragment = (file: string): boolean => file.includes('/common/');

test.each(
  documents(examples)
    .filter((file) => !isFragment(file))
    .map((file) => relative(examples, file)),
)("AsyncAPI's own example %s is accepted and its operations are known", (file) => {
  const { contract } = read(join(examples, file));
  expect(contract.specification).toBe('asyncapi');
  expect(contract.operations.length).toBeGreaterThan(0);
});

test.each(
  documents(examples)
    .filter(isFragment)
    .map((file) => relative(examples, file)),
)('%s is a fragment and no document, so it is refused', (file) => {
  expect(() => read(join(examples, file))).toThrow(/The document has \d* ?(one )?defects?/);
});

test.each(documents(contracts).map((file) => relative(contracts, file)))(
  "the shop's %s is accepted",
  (file) => {
    expect(read(join(contracts, file)).contract.operations.length).toBeGreaterThan(0);
  },
);
