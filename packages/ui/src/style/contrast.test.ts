import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { serviceColours } from '../words/service-colour.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

const light = tokensOf(css, ':root {');
const dark = { ...light, ...tokensOf(css, ':root[data-theme="dark"] {') };
const system = { ...light, ...tokensOf(css, ':root:not([data-theme="light"]) {') };

/** Text and what it stands on. */
const texts: readonly (readonly [string, string])[] = [
  ['text', 'page'],
  ['text', 'surface'],
  ['text', 'sunken'],
  ['text', 'drift-pill'],
  ['text', 'kept-pill'],
  ['soft', 'page'],
  ['soft', 'surface'],
  ['soft', 'sunken'],
  ['accent', 'page'],
  ['accent', 'surface'],
  ['accent', 'kept-pill'],
  ['on-accent', 'accent'],
  ['rail-text', 'rail'],
  ['rail-strong', 'rail'],
  ['rail-strong', 'rail-active'],
  ['on-failed', 'failed-pill'],
  ['failed', 'surface'],
  ['failed', 'page'],
  ...['kept', 'drift', 'uncontracted', 'unused', 'unverified'].flatMap(
    (state): [string, string][] => [
      [state, `${state}-pill`],
      [state, 'surface'],
      [state, 'page'],
    ],
  ),
];

/** Lines and shapes that carry meaning. */
const shapes: readonly (readonly [string, string])[] = [
  ['line-strong', 'surface'],
  ...Array.from({ length: serviceColours }, (_, index): [string, string] => [
    `service-${index}`,
    'surface',
  ]),
];

describe.each([
  ['light', light],
  ['dark', dark],
  ['dark by the system', system],
])('in the %s theme', (_, tokens) => {
  test.each(texts)('%s can be read on %s', (text, ground) => {
    expect(contrast(tokens[text], tokens[ground])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(shapes)('%s can be seen on %s', (shape, ground) => {
    expect(contrast(tokens[shape], tokens[ground])).toBeGreaterThanOrEqual(3);
  });
});

test('the chosen and the system dark theme are the same', () => {
  expect(system).toEqual(dark);
});

test('the computation gives the known contrasts', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

function tokensOf(text: string, selector: string): Record<string, string> {
  const from = text.indexOf(selector);
  if (from < 0) throw new Error(`No ${selector} in the token file`);
  const body = text.slice(from, text.indexOf('}', from));
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/gu)].map((match) => [
      match[1] ?? '',
      match[2] ?? '',
    ]),
  );
}

/** WCAG 2.2, relative luminance. */
function contrast(a: string | undefined, b: string | undefined): number {
  const [high, low] = [luminance(a ?? ''), luminance(b ?? '')].sort((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return (
    0.2126 * (red ?? Number.NaN) + 0.7152 * (green ?? Number.NaN) + 0.0722 * (blue ?? Number.NaN)
  );
}
