import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { loadedBefore, loadOrderAdvice } from './loaded-before.ts';

const require = createRequire(import.meta.url);

test('a package counts as loaded when one of its files is, and not when its name only begins alike', () => {
  require('express');
  const found = loadedBefore(['express', 'expres', 'left-pad']);
  expect(found.filter((name) => name !== 'http')).toEqual(['express']);
});

test('the advice names the package and both ways out', () => {
  expect(loadOrderAdvice('express')).toMatch(
    /^'express' was loaded before .* --import @concordat\/instrumentation\/register.* startTracing\(\)/,
  );
});
