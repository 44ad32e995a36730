import type { ProviderContractResource, ProviderContracts } from '@concordat/api';
import type { ContractOperation, Specification } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import type { ProviderContractPublished } from '../events.ts';
import { createRouter } from '../http/app.ts';
import { isKnownToClient } from '../http/entity-tag.ts';
import { baseUrlOf, pathTo } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import { readBody } from '../http/read-body.ts';
import { textParameter } from '../http/read-parameters.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendEmpty, sendJson } from '../http/send.ts';
import { acceptedSpecification, documentTypes } from './document-format.ts';
import {
  type Paged,
  type ProviderContractRow,
  ProviderContractStore,
} from './provider-contract-store.ts';
import { type PublishingDeps, publishProviderContract } from './publish-provider-contract.ts';
import { readDocument } from './read-document.ts';
import { pageOf } from './request-query.ts';

export interface ProviderContractDeps extends PublishingDeps {
  readonly emit: (event: ProviderContractPublished) => Promise<void>;
  readonly now: () => Date;
}

/** Publishing, reading and listing of OpenAPI and AsyncAPI documents under `/contracts/provider`. */
export function providerContractRoutes(deps: ProviderContractDeps): Router {
  const router = createRouter();
  const store = new ProviderContractStore(deps.db);
  resource(router, '/contracts/provider/:provider/version/:version', {
    provides: [...documentTypes, 'application/json'],
    consumes: { PUT: documentTypes },
    PUT: (request, response) => publish(deps, request, response),
    GET: (request, response) => answerDocument(store, request, response),
  });
  resource(router, '/contracts/provider/:provider', {
    provides: ['application/json'],
    GET: async (request, response) => {
      const page = pageOf(request);
      const found = await store.ofProvider(parameter(request, 'provider'), page);
      if (found.total === 0) {
        throw notFound(`${parameter(request, 'provider')} has published no document.`);
      }
      sendJson(response, listOf(found, page, baseUrlOf(response)));
    },
  });
  resource(router, '/contracts/provider', {
    provides: ['application/json'],
    GET: async (request, response) => {
      const page = pageOf(request);
      sendJson(response, listOf(await store.latest(page), page, baseUrlOf(response)));
    },
  });
  return router;
}

async function publish(
  deps: ProviderContractDeps,
  request: Request,
  response: Response,
): Promise<void> {
  const branch = textParameter(request, 'branch');
  const document = readDocument(await readBody(request), request.get('content-type') ?? '');
  const now = deps.now();
  const published = await publishProviderContract(deps, {
    provider: parameter(request, 'provider'),
    version: parameter(request, 'version'),
    branch,
    document,
    now,
  });
  const { provider, version } = published.row;
  if (published.kind === 'created') {
    const kind = 'providerContractPublished';
    await deps.emit({ kind, at: now, provider, providerVersion: version });
  }
  const own = resourceOf(published.row, baseUrlOf(response));
  response.setHeader('Location', own._links.document.href);
  sendJson(response, own, published.kind === 'created' ? 201 : 200);
}

/** With two documents and no hint which, 300 lists both: neither is more the version's contract than the other. */
async function answerDocument(
  store: ProviderContractStore,
  request: Request,
  response: Response,
): Promise<void> {
  const provider = parameter(request, 'provider');
  const version = parameter(request, 'version');
  const wanted = wantedSpecification(request);
  const all = await store.ofVersion(provider, version);
  const rows = all.filter((row) => wanted === undefined || row.specification === wanted);
  const [row] = rows;
  if (row === undefined) {
    throw notFound(`${provider} ${version} has published no ${wanted ?? 'such'} document.`);
  }
  if (rows.length > 1) {
    const contracts = rows.map((one) => resourceOf(one, baseUrlOf(response)));
    sendJson(response, { contracts }, 300);
    return;
  }
  const etag = `"${row.sha256}"`;
  response.setHeader('ETag', etag);
  if (isKnownToClient(request, etag)) {
    sendEmpty(response, 304);
    return;
  }
  const content = await store.content(row.id);
  response.writeHead(200, { 'Content-Type': row.contentType, 'Content-Length': content.length });
  response.end(content);
}

function wantedSpecification(request: Request): Specification | undefined {
  const asked = textParameter(request, 'specification');
  if (asked === undefined) return acceptedSpecification(request.get('accept') ?? '');
  if (asked === 'openapi' || asked === 'asyncapi') return asked;
  throw new HubError('INVALID_PARAMETER', `specification is "${asked}"; use openapi or asyncapi.`);
}

function listOf(
  found: Paged<ProviderContractRow>,
  page: { readonly number: number; readonly size: number },
  baseUrl: string,
): ProviderContracts {
  return {
    contracts: found.items.map((row) => resourceOf(row, baseUrl)),
    page: {
      ...page,
      totalElements: found.total,
      totalPages: Math.ceil(found.total / page.size),
    },
  };
}

function resourceOf(row: ProviderContractRow, baseUrl: string): ProviderContractResource {
  const { id: _id, ...own } = row;
  const provider = `${baseUrl}${pathTo('contracts', 'provider', row.provider)}`;
  const document = `${provider}${pathTo('version', row.version)}?specification=${row.specification}`;
  const operations = JSON.parse(row.operations) as readonly ContractOperation[];
  return {
    ...own,
    operations: operations.length,
    operationKeys: operations.map(({ key }) => key),
    externalReferences: JSON.parse(row.externalReferences) as string[],
    _links: { document: { href: document }, provider: { href: provider } },
  };
}

function notFound(message: string): HubError {
  return new HubError('NOT_FOUND', message);
}
