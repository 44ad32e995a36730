import {
  type Badge,
  canIDeployBadge,
  canIMergeBadge,
  drawBadge,
  notFoundBadge,
  pactBadge,
  pactStanding,
} from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { pathTo } from '../http/hal.ts';
import { type RackMap, textParameter } from '../http/rack-query.ts';
import { parameter, resource } from '../http/resource.ts';
import { send } from '../http/send.ts';
import type { BadgeConfig } from './badge-config.ts';
import { type BadgePick, BadgeStore } from './badge-store.ts';

const SVG = 'image/svg+xml';
const PAIR = '/pacts/provider/:provider/consumer/:consumer';
const MATRIX = '/matrix/provider/:provider/latest/:providerTag/consumer/:consumer/latest/:tag';

/** Whether the newest version of a branch or with a tag may go somewhere. */
export interface DeployableQuestion {
  readonly pacticipant: string;
  readonly from: { readonly branch: string } | { readonly tag: string };
  /** A main branch: that of everybody it has contracts with. */
  readonly to:
    | { readonly environment: string }
    | { readonly tag: string }
    | { readonly mainBranch: true };
}

export interface BadgeDeps {
  readonly db: Database;
  readonly canDeploy: (question: DeployableQuestion) => Promise<boolean | null>;
  readonly config: BadgeConfig;
}

type BadgeOf = (request: Request) => Promise<Badge>;

/** Pictures for pages of others: how a pact stands, what may be deployed or merged. Must come before `/latest/{tag}`. */
export function badgesRoutes(deps: BadgeDeps): Router {
  const router = createRouter();
  const store = new BadgeStore(deps.db);
  const pact =
    (pick: (request: Request) => Partial<BadgePick>): BadgeOf =>
    (request) =>
      pactStandingBadge(request, store, pick(request));
  const tag = (request: Request) => ({ tag: parameter(request, 'tag') });
  const BRANCH = '/pacticipants/:pacticipant/branches/:branch/latest-version';
  const badges: Readonly<Record<string, BadgeOf>> = {
    [`${PAIR}/latest/badge`]: pact(() => ({})),
    [`${PAIR}/latest-untagged/badge`]: pact(() => ({ isUntagged: true })),
    [`${PAIR}/latest/:tag/badge`]: pact(tag),
    [`${MATRIX}/badge`]: pact((request) => ({
      ...tag(request),
      providerTag: parameter(request, 'providerTag'),
    })),
    [`${BRANCH}/can-i-deploy/to-environment/:environment/badge`]: (request) =>
      branchBadge(request, store, deps),
    '/pacticipants/:pacticipant/latest-version/:tag/can-i-deploy/to/:to/badge': (request) =>
      tagBadge(request, store, deps),
  };
  for (const [path, badgeOf] of Object.entries(badges)) {
    resource(router, path, {
      provides: [SVG],
      GET: async (request, response) => show(response, await badgeOf(request), deps.config),
    });
  }
  resource(router, '/pacticipants/:pacticipant/main-branch/can-i-merge/badge', {
    provides: [SVG],
    GET: async (request, response) => {
      const { badge, isKnown } = await mergeBadge(request, store, deps);
      if (isKnown) response.setHeader('cache-control', deps.config.cacheControl);
      show(response, badge, deps.config);
    },
  });
  return router;
}

function show(response: Response, badge: Badge, config: BadgeConfig): void {
  if (config.mode === 'proxy') {
    // The picture is no page: opened by itself it must not do anything either.
    const headers = { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" };
    send(response, { status: 200, type: SVG, text: drawBadge(badge), headers });
    return;
  }
  const [left, right] = [badge.left, badge.right].map(shieldsText);
  const location = `${config.shieldsUrl}/badge/${left}-${right}-${badge.colour}.svg`;
  send(response, { status: 307, type: SVG, text: '', headers: { location } });
}

/** There `-` parts the words and `_` is a space, unless doubled. */
function shieldsText(text: string): string {
  return pathTo(text.replaceAll('-', '--').replaceAll('_', '__')).slice(1);
}

async function pactStandingBadge(
  request: Request,
  store: BadgeStore,
  picked: Partial<BadgePick>,
): Promise<Badge> {
  const pair = {
    consumer: parameter(request, 'consumer'),
    provider: parameter(request, 'provider'),
  };
  const pick = { ...pair, ...picked };
  const sha = await store.latestSha(pick);
  const query = request.query as RackMap;
  if (sha === undefined) return { left: 'pact not found', right: 'unknown', colour: 'lightgrey' };
  const isMatrix = pick.providerTag !== undefined;
  return pactBadge({
    consumer: { name: pair.consumer, tag: isMatrix ? pick.tag : undefined },
    provider: { name: pair.provider, tag: pick.providerTag },
    standing: pactStanding(sha, await store.latestResult(pick)),
    label: textParameter(query, 'label'),
    initials: query.initials === 'true',
  });
}

async function branchBadge(request: Request, store: BadgeStore, deps: BadgeDeps): Promise<Badge> {
  const name = parameter(request, 'pacticipant');
  const branch = parameter(request, 'branch');
  const environment = parameter(request, 'environment');
  const pacticipant = await store.pacticipant(name);
  if (pacticipant === undefined) return notFoundBadge('pacticipant');
  if (!(await store.branchExists(pacticipant.id, branch))) return notFoundBadge('branch');
  if (!(await store.environmentExists(environment))) return notFoundBadge('environment');
  const question = { pacticipant: name, from: { branch }, to: { environment } };
  return canIDeployBadge({
    from: branch,
    to: environment,
    deployable: await deps.canDeploy(question),
    label: textParameter(request.query as RackMap, 'label'),
  });
}

async function tagBadge(request: Request, store: BadgeStore, deps: BadgeDeps): Promise<Badge> {
  const name = parameter(request, 'pacticipant');
  const tag = parameter(request, 'tag');
  const to = parameter(request, 'to');
  const pacticipant = await store.pacticipant(name);
  if (pacticipant === undefined) return notFoundBadge('pacticipant');
  if (!(await store.tagExists(pacticipant.id, tag))) return notFoundBadge('version');
  const question = { pacticipant: name, from: { tag }, to: { tag: to } };
  return canIDeployBadge({
    from: tag,
    to,
    deployable: await deps.canDeploy(question),
    label: textParameter(request.query as RackMap, 'label'),
  });
}

/** Whether the main branch fits the main branches of everybody it has contracts with; known when there is such a branch. */
async function mergeBadge(
  request: Request,
  store: BadgeStore,
  deps: BadgeDeps,
): Promise<{ readonly badge: Badge; readonly isKnown: boolean }> {
  const name = parameter(request, 'pacticipant');
  const pacticipant = await store.pacticipant(name);
  if (pacticipant === undefined) return { badge: notFoundBadge('pacticipant'), isKnown: false };
  const { id, mainBranch } = pacticipant;
  if (mainBranch === null || !(await store.branchExists(id, mainBranch))) {
    return { badge: notFoundBadge('main branch version'), isKnown: false };
  }
  const mergeable = await deps.canDeploy({
    pacticipant: name,
    from: { branch: mainBranch },
    to: { mainBranch: true },
  });
  return { badge: canIMergeBadge(mergeable), isKnown: true };
}
