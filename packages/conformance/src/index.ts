export { collectorConfiguration } from './calls/collector-configuration.ts';
export { type CollectorRoute, collectorRoutes } from './calls/collector-routes.ts';
export { type CompiledPact, compilePact } from './calls/compile-pact.ts';
export { declarationOf, type EventDeclaration } from './calls/declared-event.ts';
export { DeclaredOperations } from './calls/declared-operations.ts';
export { guardedShape, isGuardedShape } from './calls/guarded-shape.ts';
export { type CallMatch, matchCall } from './calls/match-call.ts';
export { sameEvent } from './calls/promised-event.ts';
export type { PromisedInteraction } from './calls/promised-interaction.ts';
export {
  type ResolvedOperation,
  type ResolverRoute,
  RouteResolver,
} from './calls/route-resolver.ts';
export {
  compareMessage,
  compareRequest,
  compareResponse,
  type PartComparison,
  type PartVersion,
} from './contract/compare-parts.ts';
export { compileContract } from './contract/compile-contract.ts';
export type { Contract, Judgement } from './contract/contract.ts';
export type { Mismatch, MismatchPart, Profile } from './contract/mismatch.ts';
export type {
  HttpSample,
  MessageSample,
  RequestSample,
  ResponseSample,
  SampleBody,
  SampleHeaders,
} from './contract/sample.ts';
