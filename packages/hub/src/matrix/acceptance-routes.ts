import type { Acceptance, NewAcceptance } from '@concordat/api';
import type { RowJudgement } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { noteChange, noteNoChange } from '../http/change-note.ts';
import { HubError } from '../http/hub-error.ts';
import type { RackMap } from '../http/rack-query.ts';
import { readBodyOf } from '../http/read-body-of.ts';
import { resource } from '../http/resource.ts';
import { sendJson } from '../http/send.ts';
import { answerQuestion, type MatrixAnswer } from './answer-question.ts';
import { type EvidenceDeps, readWindow } from './asked-evidence.ts';
import { readCanIDeploy } from './can-i-deploy-question.ts';
import { overrideResource } from './evidence-resource.ts';
import { judgeObstacles, type Obstacle, obstaclesIn, overridesOf } from './traffic-gate.ts';
import { VersionStore } from './version-store.ts';

export type AcceptanceDeps = EvidenceDeps & { readonly db: Database };

/** `POST /insights/acceptances`: whether a version may go although the strict answer is not yes; a yes stands in the audit log. */
export function acceptanceRoutes(deps: AcceptanceDeps): Router {
  const router = createRouter();
  resource(router, '/insights/acceptances', {
    provides: ['application/json'],
    POST: (request, response) => accept(request, response, deps),
  });
  return router;
}

async function accept(request: Request, response: Response, deps: AcceptanceDeps): Promise<void> {
  const { newAcceptanceSchema } = await import('@concordat/api');
  const asked = await readBodyOf(request, newAcceptanceSchema, 'This cannot be accepted.');
  if (asked.unaffected !== true && asked.overrides !== true) {
    throw new HubError('VALIDATION_FAILED', 'Nothing is said that could be accepted.', {
      errors: { unaffected: ['must be true, or overrides must be'] },
    });
  }
  const versions = new VersionStore(deps.db);
  const question = await readCanIDeploy(queryOf(asked), versions);
  const answer = await answerQuestion(question, deps.db, { showsAllRows: true, versions });
  const body = await acceptanceOf(asked, answer, deps);
  note(response, asked, body);
  sendJson(response, body);
}

function queryOf({ pacticipant, version, environment, ignore = [] }: NewAcceptance): RackMap {
  return { pacticipant, version, environment, ignore: [...ignore] };
}

async function acceptanceOf(
  asked: NewAcceptance,
  answer: MatrixAnswer,
  { gate, now }: EvidenceDeps,
): Promise<Acceptance> {
  const at = now();
  const { environment } = asked;
  const obstacles = obstaclesIn(answer);
  const place = { environment, ...readWindow(asked.window, at) };
  const judgements = asked.unaffected === true ? await judgeObstacles(obstacles, place, gate) : [];
  const overrides =
    asked.overrides === true ? await overridesOf(obstacles, { environment, now: at }, gate) : [];
  const rows = obstacles.map((obstacle, index) =>
    rowOf(obstacle, judgements[index], overrides[index]),
  );
  const accepted = rows.length > 0 && rows.every(({ acceptedBy }) => acceptedBy !== null);
  return { deployable: answer.verdict.deployable, accepted, rows };
}

/** What traffic shows to be unaffected needs nobody's word. */
function rowOf(
  { text }: Obstacle,
  judgement: RowJudgement | undefined,
  override: Parameters<typeof overrideResource>[0],
): Acceptance['rows'][number] {
  const isUnaffected = judgement?.verdict === 'unaffected';
  const otherwise = override === undefined ? null : ('override' as const);
  return {
    text,
    verdict: judgement?.verdict ?? null,
    override: overrideResource(override),
    acceptedBy: isUnaffected ? 'unaffected' : otherwise,
  };
}

/** An acceptance by overrides is a use of each. */
function note(response: Response, asked: NewAcceptance, { accepted, rows }: Acceptance): void {
  if (!accepted) {
    noteNoChange(response);
    return;
  }
  const used = rows.flatMap(({ acceptedBy, override }) =>
    acceptedBy === 'override' && override !== null ? [override.id] : [],
  );
  const unaffected = rows.filter(({ acceptedBy }) => acceptedBy === 'unaffected').length;
  const { pacticipant, version, environment } = asked;
  noteChange(response, {
    pacticipants: [pacticipant],
    ...(used.length === 0 ? {} : { action: 'override.use' }),
    names: {
      ...{ version, environment },
      ...(unaffected === 0 ? {} : { unaffected: String(unaffected) }),
      ...(used.length === 0 ? {} : { overrides: [...new Set(used)].join(' ') }),
    },
  });
}
