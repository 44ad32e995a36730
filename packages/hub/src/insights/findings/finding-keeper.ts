import { type EvidenceFloor, type Finding, isNoLongerSeen } from '@concordat/domain';
import type {
  FindingMoment,
  FindingRecord,
  FindingSighting,
  FindingStore,
} from '../finding-store.ts';
import {
  concludedFindings,
  type DraftFinding,
  describeFinding,
  type FindingSources,
  savedFinding,
} from '../open-findings.ts';
import type { FindingLifeStore } from './finding-life-store.ts';
import { keptFinding } from './kept-finding.ts';
import type { QuietStore } from './quiet-store.ts';

export interface KeeperDeps {
  readonly findings: FindingStore;
  readonly lives: FindingLifeStore;
  readonly quiet: QuietStore;
  readonly floor: EvidenceFloor;
  /** So long a finding must not be seen before enough other traffic resolves it. */
  readonly quietMs: number;
  readonly now: () => Date;
}

/** How often it is asked whether findings are no longer seen. */
const QUIET_CHECK_MS = 60_000;

/**
 * Keeps the lives of findings: opens those that follow from counts and records, resolves those that hold no more or are no longer
 * seen, and ends acknowledgements whose time is over. Several hubs may do so on one database.
 */
export class FindingKeeper {
  readonly #deps: KeeperDeps;
  #quietCheckedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  /** Brings lives up to date, and tells the findings that are not resolved, the latest seen first. */
  async current(sources: FindingSources): Promise<readonly Finding[]> {
    const { records, drafts } = await this.#bringUpToDate(sources);
    return this.#describe(sources, records, drafts);
  }

  /** Resolved ones too. */
  async all(sources: FindingSources): Promise<readonly Finding[]> {
    const { drafts } = await this.#bringUpToDate(sources);
    return this.#describe(sources, await this.#deps.findings.all(), drafts);
  }

  async #bringUpToDate(sources: FindingSources): Promise<{
    readonly records: readonly FindingRecord[];
    readonly drafts: readonly DraftFinding[];
  }> {
    const { findings, lives, now } = this.#deps;
    const at = now().getTime() * 1000;
    const expired = await lives.expire(at);
    const records = await findings.open();
    const drafts = concludedFindings(sources, records);
    const moment = { at, asOf: sources.book.asOf };
    const turned =
      expired +
      (await this.#concludeNew(records, drafts, moment)) +
      (await this.#resolveGone(records, drafts, moment)) +
      (await this.#resolveQuiet(records));
    return { records: turned === 0 ? records : await findings.open(), drafts };
  }

  async #concludeNew(
    records: readonly FindingRecord[],
    drafts: readonly DraftFinding[],
    moment: FindingMoment,
  ): Promise<number> {
    const { findings } = this.#deps;
    const known = new Map(records.map((record) => [record.id, record]));
    let turned = 0;
    for (const draft of drafts) {
      const record = known.get(draft.id);
      const now = { ...moment, said: JSON.stringify(draft) };
      if (record === undefined) {
        turned += (await findings.conclude(sightingOf(draft), now)) ? 1 : 0;
      } else if (isWorthTelling(record, draft, moment.at)) {
        await findings.tellAgain(sightingOf(draft), now);
      }
    }
    return turned;
  }

  #resolveGone(
    records: readonly FindingRecord[],
    drafts: readonly DraftFinding[],
    moment: FindingMoment,
  ): Promise<number> {
    const held = new Set(drafts.map(({ id }) => id));
    const gone = records.filter(({ id, exemplarCall }) => exemplarCall === '' && !held.has(id));
    return this.#deps.lives.resolve(
      gone.map(({ id }) => id),
      { ...moment, resolution: 'agrees' },
    );
  }

  async #resolveQuiet(records: readonly FindingRecord[]): Promise<number> {
    const { lives, quiet, quietMs, floor, now } = this.#deps;
    const nowMs = now().getTime();
    if (nowMs - this.#quietCheckedAt < QUIET_CHECK_MS) return 0;
    this.#quietCheckedAt = nowMs;
    const gone: string[] = [];
    for (const record of records) {
      const lastSeenMs = record.lastSeen / 1000;
      if (record.exemplarCall === '' || nowMs - lastSeenMs < quietMs) continue;
      const looked = await quiet.lookedSince(record);
      if (isNoLongerSeen({ lastSeenMs, nowMs, quietMs, looked, floor })) gone.push(record.id);
    }
    return await lives.resolve(gone, { at: nowMs * 1000, resolution: 'no-longer-seen' });
  }

  #describe(
    sources: FindingSources,
    records: readonly FindingRecord[],
    drafts: readonly DraftFinding[],
  ): readonly Finding[] {
    const current = new Map(drafts.map((draft) => [draft.id, draft]));
    const now = this.#deps.now();
    return records
      .map((record) => {
        const draft =
          record.exemplarCall === ''
            ? (current.get(record.id) ?? savedFinding(record))
            : describeFinding(sources, record);
        return keptFinding(draft, record, now);
      })
      .sort(
        (left, right) =>
          right.lastSeen.localeCompare(left.lastSeen) || left.id.localeCompare(right.id),
      );
  }
}

/** Sparing: what still holds and was not seen since it was told needs no telling. */
function isWorthTelling(record: FindingRecord, draft: DraftFinding, at: number): boolean {
  return at - record.toldAt >= 600_000_000 && Date.parse(draft.lastSeen) * 1000 > record.toldAt;
}

function sightingOf(draft: DraftFinding): FindingSighting {
  return {
    id: draft.id,
    kind: draft.kind,
    consumer: draft.consumer ?? '',
    provider: draft.provider,
    environment: draft.environment ?? '',
    operation: draft.operation ?? '',
    calls: draft.count,
    firstSeen: Date.parse(draft.firstSeen) * 1000,
    lastSeen: Date.parse(draft.lastSeen) * 1000,
    exemplarTraceId: draft.exemplarTraceId ?? '',
    exemplarCall: '',
    details: [],
  };
}
