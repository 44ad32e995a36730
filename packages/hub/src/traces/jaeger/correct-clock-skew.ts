import type { AttributeValue, SpanKind } from '@concordat/domain';
import type { Origin } from '../decode/received-span.ts';
import { durationText } from './go-duration.ts';
import { endOf, startOf, type ToldSpan, withWarning } from './told-span.ts';

/**
 * Clocks that are kept in step (NTP) differ by milliseconds. A child that lies further away from its parent than this is
 * asynchronous rather than skewed, and moving it would tell something untrue.
 */
const maxSkewMicros = 1_000_000;

/** Runs without anybody waiting for it, so its parent says nothing about its clock. */
const asynchronous: ReadonlySet<SpanKind> = new Set(['producer', 'consumer']);

/** By how much the clock of a host is corrected, below one span of another host. */
interface Skew {
  readonly host: string;
  readonly micros: number;
}

interface Node {
  told: ToldSpan;
  readonly host: string;
  parent: Node | undefined;
  /** Not set while it has none: most spans are leaves. */
  children: Node[] | undefined;
  skew: Skew | undefined;
}

/**
 * Jaeger's correction of clocks (source: its adjuster/clockskew): where parent and child ran on different hosts and the child
 * does not lie within the parent, the child and all below it on its host are moved. A move, and one that is refused, is
 * told on the span. No move is worked out for messages, which nobody waits for.
 */
export function correctClockSkew(spans: readonly ToldSpan[]): readonly ToldSpan[] {
  const nodes = nodesOf(spans);
  const open = rootsOf(nodes);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    node.skew = skewOf(node);
    node.told = moved(node.told, node.skew.micros);
    if (node.children !== undefined) for (const child of node.children) open.push(child);
  }
  return nodes.map((node) => node.told);
}

function nodesOf(spans: readonly ToldSpan[]): readonly Node[] {
  const hosts = new Map<Origin, string>();
  return spans.map((told) => {
    const { origin } = told.span;
    let host = hosts.get(origin);
    if (host === undefined) {
      host = hostOf(origin);
      hosts.set(origin, host);
    }
    return { told, host, parent: undefined, children: undefined, skew: undefined };
  });
}

/** Hangs children below their parents; what has none, or none that is here, is a root. */
function rootsOf(nodes: readonly Node[]): Node[] {
  const byId = new Map<string, Node>();
  const unique = nodes.filter((node) => {
    const isFirst = !byId.has(node.told.spanId);
    if (isFirst) byId.set(node.told.spanId, node);
    else
      node.told = withWarning(
        node.told,
        'Another span of the trace has the same id, so the clock of this one is not corrected.',
      );
    return isFirst;
  });
  return unique.filter((node) => isRoot(node, byId));
}

function isRoot(node: Node, byId: ReadonlyMap<string, Node>): boolean {
  const { parentSpanId } = node.told;
  if (parentSpanId === undefined) return true;
  const parent = byId.get(parentSpanId);
  if (parent !== undefined) {
    node.parent = parent;
    if (parent.children === undefined) parent.children = [node];
    else parent.children.push(node);
    return false;
  }
  node.told = withWarning(
    node.told,
    `The parent span ${parentSpanId} is not in the trace, so the clock of this span is not corrected.`,
  );
  return true;
}

/** A host without a name is another one every time. */
function hostOf({ resource: { attributes } }: Origin): string {
  for (const name of ['host.id', 'host.ip', 'host.name']) {
    const value = attributes[name];
    if (value !== undefined) return textOf(value);
  }
  return '';
}

function textOf(value: AttributeValue): string {
  const first = Array.isArray(value) ? (value as readonly AttributeValue[])[0] : value;
  return typeof first === 'string' ? first : '';
}

function skewOf(node: Node): Skew {
  const { host, told, parent } = node;
  if (parent?.skew === undefined) return { host, micros: 0 };
  if (host !== '' && host === parent.skew.host) return parent.skew;
  if (!asynchronous.has(told.span.kind) && parent.told.span.kind !== 'producer')
    return { host, micros: measuredSkew(told, parent.told) };
  if (startOf(told) < startOf(parent.told))
    node.told = withWarning(
      told,
      'This span starts before its parent; the clocks of messages are not corrected.',
    );
  return { host, micros: 0 };
}

function measuredSkew(child: ToldSpan, parent: ToldSpan): number {
  const early = startOf(parent) - startOf(child);
  const spare = parent.span.durationMicros - child.span.durationMicros;
  // Longer than its parent: nobody waited for it, or not to its end. It only cannot have started before.
  if (spare < 0) return Math.max(0, early);
  if (early <= 0 && endOf(child) <= endOf(parent)) return 0;
  // The way there and the way back are taken to last the same.
  return Math.round(early + spare / 2);
}

function moved(told: ToldSpan, micros: number): ToldSpan {
  if (micros === 0) return told;
  if (Math.abs(micros) > maxSkewMicros)
    return withWarning(
      told,
      `The clock of this span seems to be off by ${durationText(-micros)}, more than the ${durationText(maxSkewMicros)} that are corrected.`,
    );
  const text = `The times of this span were moved by ${durationText(micros)} to correct the clock of its host.`;
  const shiftMicros = told.shiftMicros + micros;
  return { ...told, shiftMicros, warnings: [...told.warnings, text] };
}
