import type { Migration } from './migration.ts';
import { contracts } from './migrations/001-contracts.ts';

/** In the order they run; a feature appends its own and nobody changes one that has run somewhere. */
export const migrations: readonly Migration[] = [contracts];
