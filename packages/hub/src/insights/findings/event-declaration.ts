import { declarationOf } from '@concordat/conformance';
import type { Call, Declaration, MessageOperation } from '@concordat/domain';
import type { DeclaredContract, ProviderContractsInForce } from '../provider-contracts-in-force.ts';

/** What the documents of its sender say of an event. */
export interface DeclaredEvent {
  readonly declaration: Declaration;
  /** Under these the uses of its declarations are counted. */
  readonly shapes: readonly string[];
}

const UNKNOWN: DeclaredEvent = { declaration: 'unknown', shapes: [] };

/** Judged by the document of the version that sent it, else by those that speak for the service in the environment. */
export function eventDeclaration(contracts: ProviderContractsInForce, call: Call): DeclaredEvent {
  const { exchange, provider, environment } = call;
  if (exchange.kind !== 'message' || provider.virtual) return UNKNOWN;
  const own = contracts
    .ofProvider(provider.service)
    .filter(({ providerVersion }) => providerVersion === provider.version)
    .filter(isAsyncapi);
  const documents =
    own.length > 0
      ? own
      : contracts.inEnvironment(provider.service, environment).filter(isAsyncapi);
  const operations = documents.flatMap((document) => document.operations);
  if (operations.length === 0) return UNKNOWN;
  const found = declarationOf(operations, exchange);
  return {
    declaration: found.declaration,
    shapes: [...new Set(found.operations.map(declarationShape))],
  };
}

/** The events that a service declares to send, in force anywhere or in one environment; each once. */
export function sentEvents(contracts: readonly DeclaredContract[]): readonly MessageOperation[] {
  const operations = contracts.filter(isAsyncapi).flatMap((document) => document.operations);
  const sent = operations.filter(
    (operation): operation is MessageOperation =>
      operation.kind === 'message' && operation.action === 'send',
  );
  return [...new Map(sent.map((operation) => [operation.key, operation])).values()];
}

const LONGEST_CHANNEL = 180;

/** Stands beside the shapes of promises, so that a declaration is watched and its uses are counted as a promise is. */
export function declarationShape({ channel }: MessageOperation): string {
  return `declares ${channel.slice(0, LONGEST_CHANNEL)}`;
}

function isAsyncapi({ specification }: DeclaredContract): boolean {
  return specification === 'asyncapi';
}
