/** Where pictures of badges come from. */
export interface BadgeConfig {
  /** `redirect` sends the browser to `shieldsUrl`; with `proxy` the hub draws them itself and nothing is fetched. */
  readonly mode: 'redirect' | 'proxy';
  /** Without a slash at its end. */
  readonly shieldsUrl: string;
  /** The `Cache-Control` of whether a main branch can be merged, which is asked for the most. */
  readonly cacheControl: string;
}
