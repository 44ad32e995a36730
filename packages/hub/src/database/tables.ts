import type { ContractTables } from './tables/contract-tables.ts';

/** Every table of the relational database; a feature adds its own `tables/<feature>-tables.ts` to the list. */
export interface Tables extends ContractTables {}
