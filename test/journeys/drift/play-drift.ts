import type { FindingResource } from '@concordat/api';
import { vi } from 'vitest';
import type { TestHub } from '../../acceptance/start-hub.ts';
import type { DriftCase, ExpectedFinding } from './drift-case.ts';
import type { FindingWatch } from './finding-watch.ts';
import { orders } from './promises.ts';
import { Scene } from './scene.ts';

/** What a case led to. */
export interface PlayedCase {
  readonly title: string;
  readonly expected: readonly ExpectedFinding[];
  /** All findings about services of the case, at the end. */
  readonly found: readonly FindingResource[];
  readonly missing: readonly ExpectedFinding[];
  readonly unexpected: readonly FindingResource[];
  /** From the end of the last export until the last expected finding could be read; undefined where one never was. */
  readonly tookMs: number | undefined;
  /** What kept the case from being played. */
  readonly error?: string;
}

const WAIT = { timeout: 20_000, interval: 50 };

/** Where cases are played. */
export interface Stage {
  readonly hub: TestHub;
  readonly watch: FindingWatch;
}

/** Plays one case to its end: contracts, traffic, and what is told about it. */
export async function playCase(stage: Stage, name: string, drift: DriftCase): Promise<PlayedCase> {
  const scene = new Scene(stage.hub, name);
  try {
    return await play(stage.watch, scene, drift);
  } catch (error) {
    const expected = drift.finds?.(scene) ?? [];
    const told = { title: drift.title, expected, tookMs: undefined, error: String(error) };
    return { ...told, ...compare([], expected) };
  }
}

async function play(watch: FindingWatch, scene: Scene, drift: DriftCase): Promise<PlayedCase> {
  await scene.publish(drift.pact ?? orders);
  await scene.record(scene.consumer.name, 'c1');
  await scene.record(scene.provider.name, 'p1');
  await drift.given?.(scene);
  for (const spans of drift.exports(scene)) await scene.send(spans);
  const sentAt = performance.now();
  if (drift.mended !== undefined) {
    await untilFound(watch, scene, [drift.mended.finds]);
    await drift.mended.by(scene);
  }
  const expected = drift.finds?.(scene) ?? [];
  const tookMs = await untilFound(watch, scene, expected).then(
    () => performance.now() - sentAt,
    () => undefined,
  );
  return { title: drift.title, expected, tookMs, ...compare([], expected) };
}

/** What is told about the case once everything that may still come has come. */
export function concluded(
  found: readonly FindingResource[],
  name: string,
  played: PlayedCase,
): PlayedCase {
  return { ...played, ...compare(ofScene(found, name), played.expected) };
}

async function untilFound(
  watch: FindingWatch,
  scene: Scene,
  expected: readonly ExpectedFinding[],
): Promise<void> {
  await vi.waitFor(() => {
    const { missing } = compare(ofScene(watch.latest, scene.name), expected);
    if (missing.length > 0) throw new Error(`${missing.length} not found yet`);
  }, WAIT);
}

/** Findings about services of a case. */
export function ofScene(
  findings: readonly FindingResource[],
  name: string,
): readonly FindingResource[] {
  return findings.filter(({ consumer, provider }) =>
    [consumer, provider].some((one) => one?.startsWith(`${name} `)),
  );
}

function compare(
  found: readonly FindingResource[],
  expected: readonly ExpectedFinding[],
): Pick<PlayedCase, 'found' | 'missing' | 'unexpected'> {
  const unexpected = [...found];
  const missing = expected.filter((one) => {
    const at = unexpected.findIndex((finding) => answers(finding, one));
    if (at >= 0) unexpected.splice(at, 1);
    return at < 0;
  });
  return { found, missing, unexpected };
}

function answers(finding: FindingResource, expected: ExpectedFinding): boolean {
  const { words = '', count, ...members } = expected;
  const told = finding as unknown as Readonly<Record<string, unknown>>;
  return (
    finding.sentence.includes(words) &&
    (count === undefined || Math.round(finding.count) === count) &&
    Object.entries(members).every(([name, value]) => told[name] === value)
  );
}
