import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DependencyPath, DependencyPaths } from './deep-dependencies.ts';
import { type Question, QuestionError } from './question.ts';
import { readWindow } from './read-search.ts';
import { tellTrace } from './tell-trace.ts';

/** The newest traces through the service that are looked at: enough for its usual ways, and a bounded amount of work. */
const maxTraces = 200;

/** The ways through the service that the newest traces of the window went. */
export async function findDeepDependencies({
  traces,
  query,
  nowMicros,
}: Question): Promise<readonly DependencyPath[]> {
  const service = query.get('service') ?? '';
  if (service === '') throw new QuestionError("parameter 'service' is required");
  const operation = query.get('operation') || undefined;
  const found = await traces.search({
    service,
    operation,
    tags: new Map(),
    ...readWindow(query, nowMicros),
    minDurationMicros: undefined,
    maxDurationMicros: undefined,
    limit: maxTraces,
  });
  const paths = new DependencyPaths({ service, operation });
  for (const trace of found) {
    paths.add(tellTrace(trace, { raw: true }));
    await nextTurn();
  }
  return paths.all();
}
