/** `system` follows the reader's machine. */
export type Theme = 'system' | 'light' | 'dark';

export const themes: readonly (readonly [Theme, string])[] = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

const key = 'concordat.theme';

/** The stored choice; anything unknown is `system`. */
export function readTheme(storage: Pick<Storage, 'getItem'>): Theme {
  const stored = storage.getItem(key);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function storeTheme(storage: Pick<Storage, 'setItem'>, theme: Theme): void {
  storage.setItem(key, theme);
}

/** The token file reads `data-theme`; without it the system's preference counts. */
export function applyTheme(
  element: { readonly dataset: Record<string, string | undefined> },
  theme: Theme,
): void {
  if (theme === 'system') delete element.dataset.theme;
  else element.dataset.theme = theme;
}
