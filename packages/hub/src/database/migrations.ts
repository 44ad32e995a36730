import type { Migration } from './migration.ts';
import { contracts } from './migrations/001-contracts.ts';
import { decisions } from './migrations/002-decisions.ts';
import { insights } from './migrations/004-insights.ts';
import { providerContracts } from './migrations/005-provider-contracts.ts';
import { webhooks } from './migrations/006-webhooks.ts';
import { clean } from './migrations/007-clean.ts';
import { audit } from './migrations/008-audit.ts';
import { tokens } from './migrations/009-tokens.ts';
import { pendingFailures } from './migrations/010-pending-failures.ts';
import { webhookSettings } from './migrations/011-webhook-settings.ts';
import { resultIndex } from './migrations/012-result-index.ts';
import { interactions } from './migrations/014-interactions.ts';
import { pendingRuns } from './migrations/015-pending-runs.ts';
import { monitor } from './migrations/016-monitor.ts';
import { ledger } from './migrations/017-ledger.ts';
import { findingLife } from './migrations/018-finding-life.ts';
import { identity } from './migrations/019-identity.ts';
import { overrides } from './migrations/020-overrides.ts';
import { guard } from './migrations/021-guard.ts';

/** In the order they run; a feature appends its own and nobody changes one that has run somewhere. */
export const migrations: readonly Migration[] = [
  contracts,
  decisions,
  insights,
  providerContracts,
  webhooks,
  clean,
  audit,
  tokens,
  pendingFailures,
  webhookSettings,
  resultIndex,
  interactions,
  pendingRuns,
  monitor,
  ledger,
  findingLife,
  identity,
  overrides,
  guard,
];
