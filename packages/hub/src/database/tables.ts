import type { AuditTables } from './tables/audit-tables.ts';
import type { CleanTables } from './tables/clean-tables.ts';
import type { ContractTables } from './tables/contract-tables.ts';
import type { DecisionTables } from './tables/decision-tables.ts';
import type { GuardTables } from './tables/guard-tables.ts';
import type { IdentityTables } from './tables/identity-tables.ts';
import type { InsightTables } from './tables/insight-tables.ts';
import type { InteractionTables } from './tables/interaction-tables.ts';
import type { MonitorTables } from './tables/monitor-tables.ts';
import type { OverrideTables } from './tables/override-tables.ts';
import type { ProviderContractTables } from './tables/provider-contract-tables.ts';
import type { TokenTables } from './tables/token-tables.ts';
import type { WebhookTables } from './tables/webhook-tables.ts';

/** Every table of the relational database; a feature adds its own `tables/<feature>-tables.ts` to the list. */
export interface Tables
  extends AuditTables,
    CleanTables,
    ContractTables,
    DecisionTables,
    ProviderContractTables,
    IdentityTables,
    GuardTables,
    InsightTables,
    InteractionTables,
    MonitorTables,
    OverrideTables,
    TokenTables,
    WebhookTables {}
