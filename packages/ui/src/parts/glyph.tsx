import type { EdgeState } from '@concordat/api';

/** Paths within a 12 × 12 square around 0,0; drawn, so that they look alike where fonts lack the signs. */
export const glyphPaths: Readonly<Record<EdgeState, string>> = {
  kept: 'M-4 .4 -1.2 3.2 4 -3',
  'verification-failed': 'M-3 -3 3 3M3 -3 -3 3',
  drift: 'M0 -3.8 4.2 3.4H-4.2Z',
  uncontracted: 'M-2.2 -1.6a2.3 2.3 0 1 1 3.3 2.2C.3 1 0 1.4 0 2.1M0 4.3v.2',
  unverified: 'M-3.4 0h.01M0 0h.01M3.4 0h.01',
  unused: 'M3.4 0A3.4 3.4 0 1 1 -3.4 0A3.4 3.4 0 1 1 3.4 0',
};

/** Signs of what no contract speaks of, in the same square. */
export const transportPaths = {
  database: 'M-3.6 -2.4a3.6 1.5 0 1 0 7.2 0a3.6 1.5 0 1 0 -7.2 0V2.4a3.6 1.5 0 0 0 7.2 0V-2.4',
  rpc: 'M-1.8 -4C-4.2 -1.6 -4.2 1.6 -1.8 4M1.8 -4C4.2 -1.6 4.2 1.6 1.8 4',
} as const;

/** The sign of a state, to stand beside its words. */
export function Glyph({ state, size = 14 }: { readonly state: EdgeState; readonly size?: number }) {
  return (
    <svg
      className={`glyph glyph-${state}`}
      width={size}
      height={size}
      viewBox="-6 -6 12 12"
      aria-hidden="true"
    >
      <path d={glyphPaths[state]} />
    </svg>
  );
}
