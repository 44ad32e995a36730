import type { TransferResult } from '@concordat/api';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { HubError } from '../http/hub-error.ts';
import { applyImport } from './apply-import.ts';
import { lockForImport } from './import-lock-store.ts';
import { ImportScope, type OnConflict } from './import-scope.ts';
import type { ResultRules } from './result-import-store.ts';
import type { SpooledImport } from './spool-import.ts';

export interface ImportOptions {
  readonly onConflict: OnConflict;
  readonly results: ResultRules;
  readonly onProgress: (written: number) => void;
}

/** Writes a received file in one transaction: all of it, or nothing. */
export function importFile(
  db: Database,
  file: SpooledImport,
  options: ImportOptions,
): Promise<TransferResult> {
  return transact(db, async (tx) => {
    await lockForImport(tx);
    const scope = new ImportScope(tx, options.onConflict);
    await applyImport(scope, file.lines(), options);
    if (scope.conflictCount > 0) throw conflicting(scope);
    return {
      type: 'result',
      records: file.records,
      tallies: { ...scope.tallies },
      webhooksWithoutSecrets: [...scope.webhooksWithoutSecrets],
    };
  });
}

function conflicting({ conflictCount, conflicts }: ImportScope): HubError {
  const what = conflictCount === 1 ? 'One record differs' : `${conflictCount} records differ`;
  const [first] = conflicts;
  const example = first === undefined ? '' : ` Line ${first.line}: ${first.detail}.`;
  return new HubError(
    'CONFLICT',
    `${what} from what the hub has; nothing was imported.${example} Say onConflict=skip to keep the hub's, overwrite to take the file's.`,
    { extensions: { conflicts, conflictCount } },
  );
}
