import { decodeSpan } from '../decode/decode-otlp.ts';
import type { Origin, ReceivedSpan } from '../decode/received-span.ts';
import { type Block, messageAt } from './block-layout.ts';
import { hasTags, originHasTag, reservedTags } from './match-span.ts';
import { unnamedOperation } from './segment-names.ts';
import { type TagProbe, tagProbe } from './tag-probe.ts';
import type { TraceQuery } from './trace-reader.ts';

interface ProbedTag {
  readonly key: string;
  readonly value: string;
  readonly probe: TagProbe;
}

/** Finds the spans of a block that meet every condition of a query. */
export class BlockSearch {
  readonly #query: TraceQuery;
  readonly #operations: ReadonlySet<number> | undefined;
  readonly #probed: readonly ProbedTag[];

  constructor(query: TraceQuery, operations: ReadonlySet<number> | undefined) {
    this.#query = query;
    this.#operations = operations;
    this.#probed = [...query.tags].flatMap(([key, value]) => {
      const probe = reservedTags.has(key) ? undefined : tagProbe(key, value);
      return probe === undefined ? [] : [{ key, value, probe }];
    });
  }

  /** `origins` holds those of the block. */
  matches(block: Block, origins: ReadonlyMap<number, Origin>): readonly ReceivedSpan[] {
    const open = this.#probed.map((tag) => ({
      ...tag,
      ofOrigins: originsWith(block, origins, tag),
    }));
    if (open.some(({ ofOrigins, probe }) => ofOrigins.size === 0 && !probe(block.raw))) return [];
    const found: ReceivedSpan[] = [];
    for (let at = 0; at < block.spans; at += 1) {
      if (!this.#isOfOperation(block.operations[at] as number)) continue;
      const origin = block.origins[at] as number;
      const message = messageAt(block, at);
      if (open.some(({ ofOrigins, probe }) => !ofOrigins.has(origin) && !probe(message))) continue;
      const span = decodeSpan(message, origins.get(origin) as Origin);
      if (span !== undefined && this.#meets(span, block.operations[at] as number)) found.push(span);
    }
    return found;
  }

  #isOfOperation(operation: number): boolean {
    return this.#operations === undefined || this.#operations.has(operation);
  }

  #meets(span: ReceivedSpan, operationId: number): boolean {
    const { service, operation, tags } = this.#query;
    if (operationId === unnamedOperation) {
      if (service !== undefined && span.resource.service !== service) return false;
      if (operation !== undefined && span.name !== operation) return false;
    }
    return isWithin(span, this.#query) && hasTags(span, tags);
  }
}

function isWithin({ startMicros, durationMicros }: ReceivedSpan, query: TraceQuery): boolean {
  const { minDurationMicros = 0, maxDurationMicros = Number.POSITIVE_INFINITY } = query;
  return (
    startMicros >= query.fromMicros &&
    startMicros <= query.toMicros &&
    durationMicros >= minDurationMicros &&
    durationMicros <= maxDurationMicros
  );
}

/** Origins of the block whose every span has the tag. */
function originsWith(
  block: Block,
  origins: ReadonlyMap<number, Origin>,
  { key, value }: ProbedTag,
): ReadonlySet<number> {
  const found = new Set<number>();
  for (const id of new Set(block.origins)) {
    const origin = origins.get(id);
    if (origin !== undefined && originHasTag(origin, key, value)) found.add(id);
  }
  return found;
}
