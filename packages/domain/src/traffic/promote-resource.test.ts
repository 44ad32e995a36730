import { expect, test } from 'vitest';
import { promoteResource, unknownService } from './promote-resource.ts';

test('the three names are read from the resource, the old name of the environment too', () => {
  const attributes = {
    'service.name': 'orders',
    'service.version': '1.2.3',
    'deployment.environment': 'production',
  };
  expect(promoteResource(attributes)).toEqual({
    service: 'orders',
    version: '1.2.3',
    environment: 'production',
    attributes: { ...attributes, 'deployment.environment.name': 'production' },
  });
});

test('what the resource lacks is read from the tags of the span', () => {
  const tags = { 'service.version': '1.2.3', 'deployment.environment.name': 'production' };
  expect(promoteResource({ 'service.name': 'orders' }, tags)).toMatchObject({
    service: 'orders',
    version: '1.2.3',
    environment: 'production',
  });
});

test('what the resource says wins over the tags of the span', () => {
  const promoted = promoteResource({ 'service.version': '1' }, { 'service.version': '2' });
  expect(promoted.version).toBe('1');
});

test('a version that is a number becomes text, an empty one is none', () => {
  expect(promoteResource({ 'service.version': 7 }).version).toBe('7');
  expect(promoteResource({ 'service.version': '' }).version).toBeUndefined();
});

test('a sender without name is the unknown service', () => {
  expect(promoteResource({ 'service.name': ['a'] }).service).toBe(unknownService);
});

test('who names no version is known by the commit it was built from', () => {
  const commit = { 'vcs.ref.head.revision': 'abc1234' };
  expect(promoteResource(commit).version).toBe('abc1234');
  expect(promoteResource({ ...commit, 'service.version': '1.4.0' }).version).toBe('1.4.0');
});
