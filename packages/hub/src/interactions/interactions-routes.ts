import type { FoundInteraction, FoundInteractions, PactInteractions } from '@concordat/api';
import { describeInteractions, parseJson } from '@concordat/domain';
import type { Request, Router } from 'express';
import { createRouter } from '../http/app.ts';
import { HubError } from '../http/hub-error.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendJson } from '../http/send.ts';
import type { InteractionIndex } from './interaction-index.ts';
import { interactionResource } from './interaction-resource.ts';
import type { FoundRow, InteractionStore } from './interaction-store.ts';
import { readSearch } from './read-search.ts';

/** How long a question waits for contents that were published just before it. */
const PATIENCE_MS = 2000;
const MOST_LINES = 5;
const MAX_DEPTH = 200;

/** `/insights/interactions` finds promises by words; `/insights/pacts/…` shows those of one content. */
export function interactionsRoutes(deps: {
  readonly store: InteractionStore;
  readonly index: InteractionIndex;
}): Router {
  const { store, index } = deps;
  const router = createRouter();
  const provides = ['application/json'];
  resource(router, '/insights/interactions', {
    provides,
    GET: async (request, response) => {
      const search = readSearch(request);
      const complete = await index.isComplete(PATIENCE_MS);
      const { rows, total } = await store.search(search);
      const body: FoundInteractions = {
        interactions: rows.map((row) => found(row, search.words)),
        page: {
          ...search.page,
          totalElements: total,
          totalPages: Math.ceil(total / search.page.size),
        },
        complete,
      };
      sendJson(response, body);
    },
  });
  resource(router, '/insights/pacts/:consumer/:provider/:sha', {
    provides,
    GET: async (request, response) => sendJson(response, await pactInteractions(request, store)),
  });
  return router;
}

async function pactInteractions(
  request: Request,
  store: InteractionStore,
): Promise<PactInteractions> {
  const pair = {
    consumer: parameter(request, 'consumer'),
    provider: parameter(request, 'provider'),
    sha: parameter(request, 'sha'),
  };
  const content = await store.content(pair);
  if (content === undefined) {
    throw new HubError(
      'NOT_FOUND',
      `No pact content ${pair.sha} is known between ${pair.consumer} and ${pair.provider}.`,
    );
  }
  const parsed = parseJson(content, MAX_DEPTH);
  const interactions = parsed.ok ? describeInteractions(parsed.value) : [];
  return { ...pair, interactions: interactions.map(interactionResource) };
}

function found(row: FoundRow, words: readonly string[]): FoundInteraction {
  return { ...row, kind: row.kind as FoundInteraction['kind'], lines: [...linesWith(words, row)] };
}

/** The lines that hold any of the words, those with the most first. */
function linesWith(words: readonly string[], { lines }: FoundRow): readonly string[] {
  return lines
    .split('\n')
    .map((line) => {
      const lower = line.toLowerCase();
      return { line, hits: words.filter((word) => lower.includes(word)).length };
    })
    .filter(({ hits }) => hits > 0)
    .sort((left, right) => right.hits - left.hits)
    .slice(0, MOST_LINES)
    .map(({ line }) => line);
}
