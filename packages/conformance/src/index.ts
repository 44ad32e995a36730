export { type CompiledPact, compilePact } from './calls/compile-pact.ts';
export { type CallMatch, matchCall } from './calls/match-call.ts';
export type { PromisedInteraction } from './calls/promised-interaction.ts';
export { type ResolvedOperation, RouteResolver } from './calls/route-resolver.ts';
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
