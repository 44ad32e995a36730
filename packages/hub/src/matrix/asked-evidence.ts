import { readTrafficWindow } from '@concordat/domain';
import type { Response } from 'express';
import { HubError } from '../http/hub-error.ts';
import type { MatrixAnswer } from './answer-question.ts';
import { appliedOverrides, evidenceResource } from './evidence-resource.ts';
import {
  environmentOf,
  judgeObstacles,
  obstaclesIn,
  overridesOf,
  type TrafficGate,
} from './traffic-gate.ts';

const USUAL_WINDOW = '7d';

export interface EvidenceDeps {
  readonly gate: TrafficGate;
  readonly now: () => Date;
}

/** Whether a question asks for more than the broker's answer: such an answer changes with the time and with traffic. */
export function asksForMore(query: Readonly<Record<string, unknown>>): boolean {
  return [query.reasons, query.evidence, query.overrides].some((value) => value !== undefined);
}

/** Members for who asks with `?evidence=traffic` or `?overrides=true`, as JSON text; empty for everybody else. */
export async function askedEvidence(
  response: Response,
  { answer, gate, now }: EvidenceDeps & { readonly answer: MatrixAnswer },
): Promise<string> {
  const { query } = response.req;
  const wantsTraffic = given(query.evidence, 'evidence', 'traffic');
  const wantsOverrides = given(query.overrides, 'overrides', 'true');
  if (!wantsTraffic && !wantsOverrides) return '';
  const at = now();
  const environment = environmentOf(answer);
  const obstacles = obstaclesIn(answer);
  const overrides = await overridesOf(obstacles, { environment, now: at }, gate);
  let text = '';
  if (wantsTraffic) {
    const place = { environment, ...readWindow(query.window, at) };
    const judgements = await judgeObstacles(obstacles, place, gate);
    const evidence = evidenceResource(obstacles, { place, judgements, overrides });
    text += `,"evidence":${JSON.stringify(evidence)}`;
  }
  if (wantsOverrides) {
    text += `,"overrides":${JSON.stringify(appliedOverrides(obstacles, overrides))}`;
  }
  return text;
}

function given(value: unknown, name: string, only: string): boolean {
  if (value === undefined || value === '') return false;
  if (value === only) return true;
  throw new HubError('VALIDATION_FAILED', `${name} can be '${only}' only.`, {
    errors: { [name]: [`must be one of: ${only}`] },
  });
}

/** The time before now that is looked at; a week when nothing is said. */
export function readWindow(
  value: unknown,
  now: Date,
): { readonly since: Date; readonly until: Date } {
  const text = value === undefined || value === '' ? USUAL_WINDOW : value;
  const seconds = typeof text === 'string' ? readTrafficWindow(text) : undefined;
  if (seconds === undefined) {
    throw new HubError('VALIDATION_FAILED', 'The window cannot be read.', {
      errors: { window: ['must be a span of time of at most a year, such as 30m, 12h, 7d or 2w'] },
    });
  }
  return { since: new Date(now.getTime() - seconds * 1000), until: now };
}
