import { type Finding, lifeOf } from '@concordat/domain';
import type { FindingRecord } from '../finding-store.ts';
import { type DraftFinding, timeOf } from '../open-findings.ts';

/** A finding with what became of it. */
export function keptFinding(draft: DraftFinding, record: FindingRecord, now: Date): Finding {
  const { resolvedAt, acknowledgement } = record;
  return {
    ...draft,
    id: record.id,
    life: lifeOf(
      {
        openedAt: timeOf(record.openedAt),
        resolvedAt: resolvedAt === undefined ? undefined : timeOf(resolvedAt),
        resolution: record.resolution,
        acknowledgement:
          acknowledgement === undefined
            ? undefined
            : {
                by: acknowledgement.by,
                reason: acknowledgement.reason,
                at: timeOf(acknowledgement.at),
                until:
                  acknowledgement.until === undefined ? undefined : timeOf(acknowledgement.until),
              },
      },
      now,
    ),
  };
}
