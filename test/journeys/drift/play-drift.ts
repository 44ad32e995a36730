import { createInsightsClient, type FindingResource } from '@concordat/api';
import { vi } from 'vitest';
import type { TestHub } from '../../acceptance/start-hub.ts';
import type { DriftCase, ExpectedFinding } from './drift-case.ts';
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

const WAIT = { timeout: 20_000, interval: 100 };

/** Plays one case to its end: contracts, traffic, and what is told about it. */
export async function playCase(hub: TestHub, name: string, drift: DriftCase): Promise<PlayedCase> {
  const scene = new Scene(hub, name);
  try {
    return await play(hub, scene, drift);
  } catch (error) {
    const expected = drift.finds?.(scene) ?? [];
    const told = { title: drift.title, expected, tookMs: undefined, error: String(error) };
    return { ...told, ...compare([], expected) };
  }
}

async function play(hub: TestHub, scene: Scene, drift: DriftCase): Promise<PlayedCase> {
  await scene.publish(drift.pact ?? orders);
  await scene.record(scene.consumer.name, 'c1');
  await scene.record(scene.provider.name, 'p1');
  await drift.given?.(scene);
  for (const spans of drift.exports(scene)) await scene.send(spans);
  const sentAt = performance.now();
  if (drift.mended !== undefined) {
    await untilFound(hub, scene, [drift.mended.finds]);
    await drift.mended.by(scene);
  }
  const expected = drift.finds?.(scene) ?? [];
  const tookMs = await untilFound(hub, scene, expected).then(
    () => performance.now() - sentAt,
    () => undefined,
  );
  return { title: drift.title, expected, tookMs, ...compare([], expected) };
}

/** What is told about the case once everything that may still come has come. */
export async function concluded(
  hub: TestHub,
  name: string,
  played: PlayedCase,
): Promise<PlayedCase> {
  const found = await findingsOf(hub, new Scene(hub, name));
  return { ...played, ...compare(found, played.expected) };
}

async function untilFound(
  hub: TestHub,
  scene: Scene,
  expected: readonly ExpectedFinding[],
): Promise<void> {
  await vi.waitFor(async () => {
    const { missing } = compare(await findingsOf(hub, scene), expected);
    if (missing.length > 0) throw new Error(`${missing.length} not found yet`);
  }, WAIT);
}

async function findingsOf(hub: TestHub, scene: Scene): Promise<readonly FindingResource[]> {
  const { findings } = await createInsightsClient(hub.url, fetch).findings({ size: 1000 });
  return findings.filter((finding) =>
    [finding.consumer, finding.provider].some((name) => name?.startsWith(`${scene.name} `)),
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
