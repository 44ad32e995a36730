import type { Badge, BadgeColour } from './badge.ts';

const HEIGHT = 20;
const PADDING = 6;
/** Of a letter of average width in 11 px Verdana; narrow and wide ones are told apart, which is as close as it needs to be. */
const LETTER = 7;
const NARROW = 4;
const WIDE = 10;

const fills: Readonly<Record<BadgeColour, string>> = {
  brightgreen: '#3c7d00',
  red: '#c0392b',
  orange: '#b35900',
  lightgrey: '#6b6b6b',
};

/** The badge as a picture that stands for itself: no font, style or script is loaded. Contrast with white is at least 4.5. */
export function drawBadge({ left, right, colour }: Badge): string {
  const [leftWidth, rightWidth] = [widthOf(left), widthOf(right)];
  const width = leftWidth + rightWidth;
  const title = escapeXml(`${left}: ${right}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<clipPath id="r"><rect width="${width}" height="${HEIGHT}" rx="3"/></clipPath>`,
    '<g clip-path="url(#r)">',
    `<rect width="${leftWidth}" height="${HEIGHT}" fill="#444"/>`,
    `<rect x="${leftWidth}" width="${rightWidth}" height="${HEIGHT}" fill="${fills[colour]}"/>`,
    '</g>',
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">',
    textAt(left, leftWidth / 2),
    textAt(right, leftWidth + rightWidth / 2),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function textAt(text: string, middle: number): string {
  return `<text x="${middle}" y="14">${escapeXml(text)}</text>`;
}

function widthOf(text: string): number {
  let width = 2 * PADDING;
  for (const letter of text) {
    if (/[ijlIft.,:;'|!()[\] /-]/.test(letter)) width += NARROW;
    else width += /[mwMW@%\u2e80-\u{10ffff}]/u.test(letter) ? WIDE : LETTER;
  }
  return width;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Control characters are not allowed in XML at all. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => String(entities[character]));
}
