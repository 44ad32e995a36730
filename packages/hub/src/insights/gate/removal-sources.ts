import type { EvidenceFloor } from '@concordat/domain';
import type { FieldAnswer, FieldQuestion } from '../guard/field-usage-store.ts';
import type { UsageLedger } from '../ledger/ledger-entry.ts';
import type { PromiseBook } from '../promise-book.ts';
import type { RowSources } from './judge-rows.ts';
import type { RemovedThing } from './removal-names.ts';

export interface RemovalQuestion {
  readonly provider: string;
  readonly removed: RemovedThing;
  /** JSON pointer, positions as `*`. */
  readonly field: string | undefined;
  readonly environment: string | undefined;
  readonly since: Date;
  readonly until: Date;
}

export interface RemovalSources extends Pick<RowSources, 'contentOf'> {
  readonly ledger: UsageLedger;
  /** The contracts, after everything that was seen has been counted. */
  readonly book: () => Promise<PromiseBook>;
  /** What live guards saw; nothing where none looks. */
  readonly fieldUsage: (question: FieldQuestion) => Promise<FieldAnswer>;
  readonly floor: EvidenceFloor;
}
