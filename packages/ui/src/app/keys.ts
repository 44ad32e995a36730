/** What a key press asks for; a view may take it before the page does. */
export type Command =
  | 'go-map'
  | 'go-findings'
  | 'go-deployments'
  | 'go-interactions'
  | 'go-traces'
  | 'go-monitor'
  | 'next-row'
  | 'previous-row'
  | 'close'
  | 'collapse-all'
  | 'expand-all'
  | 'next-match'
  | 'previous-match'
  | 'key-list'
  | 'search';

export interface KeyPress {
  readonly key: string;
  /** Ctrl, Alt or Meta is held: the browser's own shortcut. */
  readonly modified: boolean;
  /** The focus is in a field that takes text. */
  readonly typing: boolean;
}

export interface KeyReading {
  readonly command: Command | undefined;
  /** Whether `g` was pressed and its second key is awaited. */
  readonly pending: boolean;
}

/** The key list that the page shows, in the order it is shown. */
export const keyList: readonly (readonly [string, string])[] = [
  ['g m', 'Go to the map'],
  ['g f', 'Go to the findings'],
  ['g d', 'Go to the deployments'],
  ['g i', 'Go to the interactions'],
  ['g o', 'Go to the operations'],
  ['g t', 'Go to the traces'],
  ['/', 'Search in this view'],
  ['j  k', 'Next row, previous row'],
  ['← ↑ → ↓', 'On the map: next and previous edge'],
  ['Enter', 'Open the row or the edge'],
  ['Esc', 'Close the panel'],
  ['[  ]', 'In a trace: collapse all, expand all'],
  ['n  N', 'In a trace: next match, previous match'],
  ['?', 'This list'],
];

const single: Readonly<Record<string, Command>> = {
  j: 'next-row',
  k: 'previous-row',
  Escape: 'close',
  '[': 'collapse-all',
  ']': 'expand-all',
  n: 'next-match',
  N: 'previous-match',
  '?': 'key-list',
  '/': 'search',
};

const afterGo: Readonly<Record<string, Command>> = {
  m: 'go-map',
  f: 'go-findings',
  d: 'go-deployments',
  i: 'go-interactions',
  o: 'go-monitor',
  t: 'go-traces',
};

/** Reads one key press; in a text field only Escape is a command. */
export function readKey(pending: boolean, press: KeyPress): KeyReading {
  if (press.modified) return { command: undefined, pending: false };
  if (press.typing) {
    return { command: press.key === 'Escape' ? 'close' : undefined, pending: false };
  }
  if (pending) return { command: afterGo[press.key], pending: false };
  if (press.key === 'g') return { command: undefined, pending: true };
  return { command: single[press.key], pending: false };
}

/** The row to focus after a step from `current` (-1: none has the focus); -1 when there are no rows. */
export function stepRow(count: number, current: number, step: 1 | -1): number {
  if (count === 0) return -1;
  if (current < 0) return step === 1 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, current + step));
}
