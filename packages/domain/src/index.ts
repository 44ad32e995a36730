export type { Finding, FindingKind } from './findings/finding.ts';
export type { Call, HttpExchange, MessageExchange, Peer } from './traffic/call.ts';
export type {
  Attributes,
  AttributeValue,
  Resource,
  Span,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from './traffic/span.ts';
export type { Evidence, Usage } from './usage/usage.ts';
