import { boundedShape } from './http-promise.ts';
import type { PromisedInteraction } from './promised-interaction.ts';

const PREFIX = 'guarded ';

/** Like `shape`, but of this very interaction: what the live guard told of interactions that spans cannot tell apart is counted by it. */
export function guardedShape({
  description,
  shape,
}: Pick<PromisedInteraction, 'description' | 'shape'>): string {
  return boundedShape(`${PREFIX}${description}\n${shape}`);
}

export function isGuardedShape(shape: string): boolean {
  return shape.startsWith(PREFIX);
}
