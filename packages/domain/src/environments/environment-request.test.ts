import { expect, test } from 'vitest';
import { readEnvironmentRequest } from './environment-request.ts';

const nobody = (): boolean => false;

test.each([
  [
    'the display name is made from the name',
    { name: 'pre-prod', production: false },
    { name: 'pre-prod', displayName: 'Pre Prod', production: false, contacts: undefined },
  ],
  [
    'everything is kept',
    {
      name: 'e',
      displayName: 'Eee',
      production: true,
      contacts: [{ name: 'a', details: { x: 1 } }],
    },
    {
      name: 'e',
      displayName: 'Eee',
      production: true,
      contacts: '[{"name":"a","details":{"x":1}}]',
    },
  ],
  [
    'nulls are as good as nothing',
    { name: 'e', displayName: null, production: true, contacts: null },
    { name: 'e', displayName: 'E', production: true, contacts: undefined },
  ],
])('%s', (_caption, body, environment) => {
  expect(readEnvironmentRequest(body, nobody)).toEqual({ ok: true, environment });
});

test.each<readonly [unknown, Readonly<Record<string, readonly string[]>>]>([
  [{}, { name: ['is missing'], production: ['is missing'] }],
  [[], { '': ['must be a hash'] }],
  [null, { '': ['must be a hash'] }],
  [{ name: null, production: true }, { name: ['must be filled'] }],
  [{ name: 5, production: true }, { name: ['must be a string'] }],
  [{ name: ' ', production: true }, { name: ['cannot be blank'] }],
  [{ name: 'a\nb', production: true }, { name: ['cannot contain multiple lines'] }],
  [{ name: 'my env', production: true }, { name: ['cannot contain spaces'] }],
  [{ name: 'e', production: 'yes' }, { production: ['must be one of: true, false'] }],
  [{ name: 'e', production: true, displayName: 1 }, { displayName: ['must be a string'] }],
  [{ name: 'e', production: true, displayName: '' }, { displayName: ['cannot be blank'] }],
  [
    { name: 'e', production: true, displayName: 'a\nb' },
    { displayName: ['cannot contain multiple lines'] },
  ],
  [{ name: 'e', production: true, contacts: {} }, { contacts: ['must be an array'] }],
  [
    {
      name: 'e',
      production: true,
      contacts: [5, {}, { name: 1 }, { name: ' ' }, { name: 'a', details: 1 }],
    },
    {
      contacts: [
        'must be a hash (at index 0)',
        'name is missing (at index 1)',
        'name must be a string (at index 2)',
        'name cannot be blank (at index 3)',
        'details must be a hash (at index 4)',
      ],
    },
  ],
])('%j is refused', (body, defects) => {
  expect(readEnvironmentRequest(body, nobody)).toEqual({ ok: false, defects });
});

test('a name that another environment has is refused', () => {
  expect(
    readEnvironmentRequest({ name: 'test', production: false }, (name) => name === 'test'),
  ).toEqual({
    ok: false,
    defects: { name: ["name 'test' is already used by an existing environment."] },
  });
});
