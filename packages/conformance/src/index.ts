export { type CompiledPact, compilePact } from './calls/compile-pact.ts';
export { type CallMatch, matchCall } from './calls/match-call.ts';
export type { PromisedInteraction } from './calls/promised-interaction.ts';
export { type ResolvedOperation, RouteResolver } from './calls/route-resolver.ts';
