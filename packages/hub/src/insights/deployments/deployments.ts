import {
  type DeploymentTruth,
  deploymentTruth,
  type EvidenceFloor,
  type RecordedPlacement,
} from '@concordat/domain';
import type { Database } from '../../database/database.ts';
import type { Identities } from '../identity/identities.ts';
import { type RunningVersion, runningVersions } from '../identity/running-versions.ts';
import type { PromiseBook } from '../promise-book.ts';
import { VersionStore } from '../version-store.ts';
import {
  DeploymentFactsStore,
  type KeptPlacement,
  type PlaceFilter,
  type VersionName,
} from './deployment-facts-store.ts';

/** What runs of a pacticipant in an environment against what was recorded, with what that was concluded from. */
export interface PacticipantTruth extends DeploymentTruth {
  readonly pacticipant: string;
  readonly environment: string;
  readonly running: readonly RunningVersion[];
  /** What holds now. */
  readonly placements: readonly KeptPlacement[];
}

/** A version that was seen running, and whether it is or ever was recorded there. */
export interface SeenVersion {
  readonly version: string;
  readonly environment: string;
  readonly isRecorded: boolean;
  readonly exemplarTraceId: string;
}

export interface DeploymentsDeps {
  readonly db: Database;
  readonly identities: Identities;
  readonly floor: EvidenceFloor;
  readonly now: () => Date;
}

/** What was seen longer ago is history. */
const SEEN_MICROS = 7 * 24 * 3_600_000_000;

/** Joins what was recorded with what was seen running. */
export class Deployments {
  readonly #deps: DeploymentsDeps;
  readonly #facts: DeploymentFactsStore;
  readonly #versions: VersionStore;

  constructor(deps: DeploymentsDeps) {
    this.#deps = deps;
    this.#facts = new DeploymentFactsStore(deps.db);
    this.#versions = new VersionStore(deps.db);
  }

  /** Of every environment and pacticipant that has something recorded or running, by name. */
  async truth(book: PromiseBook, filter: PlaceFilter = {}): Promise<readonly PacticipantTruth[]> {
    const now = this.#deps.now().getTime() * 1000;
    const running = await this.#running(book, { ...filter, since: now - SEEN_MICROS });
    const current = await this.#facts.current(filter);
    const groups = new Map<string, { running: RunningVersion[]; placements: KeptPlacement[] }>();
    const groupOf = ({ environment, pacticipant }: RunningVersion | KeptPlacement) => {
      const key = JSON.stringify([environment, pacticipant]);
      const group = groups.get(key) ?? { running: [], placements: [] };
      groups.set(key, group);
      return group;
    };
    for (const version of running) groupOf(version).running.push(version);
    for (const placement of current) groupOf(placement).placements.push(placement);
    const ended = await this.#endedOf(running, current);
    const truths: PacticipantTruth[] = [];
    for (const [key, group] of groups) {
      const [environment = '', pacticipant = ''] = JSON.parse(key) as readonly string[];
      const place = { environment, pacticipant };
      truths.push({ ...place, ...group, ...(await this.#judge(place, { ...group, ended, now })) });
    }
    return truths
      .filter(({ versions }) => versions.length > 0)
      .sort(
        (left, right) =>
          left.environment.localeCompare(right.environment) ||
          left.pacticipant.localeCompare(right.pacticipant),
      );
  }

  /** Versions of a pacticipant that were seen since a time (microseconds), the latest first. */
  async seen(
    book: PromiseBook,
    pacticipant: string,
    since: number,
  ): Promise<readonly SeenVersion[]> {
    const running = await this.#running(book, { pacticipant, since });
    const placements = [
      ...(await this.#facts.current({ pacticipant })),
      ...(await this.#facts.ended(running)),
    ];
    const recorded = new Set(placements.map(placeKey));
    return running.map((version) => ({
      ...{ version: version.version, environment: version.environment },
      isRecorded: recorded.has(placeKey(version)),
      exemplarTraceId: version.exemplarTraceId,
    }));
  }

  async #running(
    book: PromiseBook,
    filter: PlaceFilter & { readonly since: number },
  ): Promise<readonly RunningVersion[]> {
    const { environment, pacticipant, since } = filter;
    const sent = await this.#versions.seenSince(since, { environment });
    const all = await runningVersions(sent, book, this.#deps.identities);
    return pacticipant === undefined
      ? all
      : all.filter((version) => version.pacticipant === pacticipant);
  }

  /** Asked only of what runs and is not recorded now: what ended long ago may be much. */
  async #endedOf(
    running: readonly RunningVersion[],
    current: readonly KeptPlacement[],
  ): Promise<ReadonlyMap<string, readonly KeptPlacement[]>> {
    const recorded = new Set(current.map(placeKey));
    const late = running.filter((version) => !recorded.has(placeKey(version)));
    const ended = new Map<string, KeptPlacement[]>();
    for (const placement of await this.#facts.ended(distinct(late))) {
      const key = placeKey(placement);
      ended.set(key, [...(ended.get(key) ?? []), placement]);
    }
    return ended;
  }

  async #judge(
    place: { readonly environment: string; readonly pacticipant: string },
    group: {
      readonly running: readonly RunningVersion[];
      readonly placements: readonly KeptPlacement[];
      readonly ended: ReadonlyMap<string, readonly KeptPlacement[]>;
      readonly now: number;
    },
  ): Promise<DeploymentTruth> {
    const { running, placements, ended, now } = group;
    const late = running.flatMap((version) => ended.get(placeKey(version)) ?? []);
    const facts = {
      recorded: [...placements, ...late].map(recordOf),
      seen: running,
      now,
      floor: this.#deps.floor,
    };
    const asked: { readonly version: string; readonly since: number }[] = [];
    const truth = deploymentTruth({
      ...facts,
      otherCalls: (version, since) => {
        asked.push({ version, since });
        return 0;
      },
    });
    if (asked.length === 0) return truth;
    const answers = new Map<string, number>();
    for (const { version, since } of asked) {
      answers.set(version, await this.#otherCalls(place, version, since));
    }
    return deploymentTruth({ ...facts, otherCalls: (version) => answers.get(version) ?? 0 });
  }

  async #otherCalls(
    place: { readonly environment: string; readonly pacticipant: string },
    version: string,
    since: number,
  ): Promise<number> {
    const calls = await this.#facts.calls(Math.floor(since / 60_000_000), place);
    return calls
      .filter((one) => one.version !== version && one.version !== '')
      .reduce((sum, { sampled }) => sum + sampled, 0);
  }
}

function placeKey(place: VersionName & { readonly environment: string }): string {
  return JSON.stringify([place.environment, place.pacticipant, place.version]);
}

function distinct(versions: readonly VersionName[]): readonly VersionName[] {
  const found = new Map(
    versions.map(({ pacticipant, version }) => [
      JSON.stringify([pacticipant, version]),
      { pacticipant, version },
    ]),
  );
  return [...found.values()];
}

function recordOf({ version, how, since, until }: KeptPlacement): RecordedPlacement {
  return {
    ...{ version, how, since: Date.parse(since) * 1000 },
    until: until === null ? undefined : Date.parse(until) * 1000,
  };
}
