/** One line of `concordat doctor`: what was looked at, how it is, and what to do when it is not well. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly detail: string;
  readonly advice?: string;
}

export function ok(name: string, detail: string): Check {
  return { name, state: 'ok', detail };
}

export function failed(name: string, detail: string, advice: string): Check {
  return { name, state: 'failed', detail, advice };
}

export function skipped(name: string, detail: string): Check {
  return { name, state: 'skipped', detail };
}

export function formatCheck({ name, state, detail, advice }: Check): string {
  const mark = { ok: '✓', failed: '✕', skipped: '○' }[state];
  return `${mark} ${name}: ${detail}${advice === undefined ? '' : ` ${advice}`}`;
}
