import { type CallValues, newCallValues, normaliseCallValues } from './call-attributes.ts';
import { spanKinds } from './half.ts';
import type { SpanKind } from './span.ts';
import type { SpanColumns } from './span-columns.ts';

const kindNames = Object.keys(spanKinds) as readonly SpanKind[];

/** Reads what spans tell of calls, one after the other. */
export class CallReader {
  readonly #values: CallValues = newCallValues();

  /** Of one span under current names; valid until the next is read. */
  read(columns: SpanColumns, at: number): CallValues {
    const values = this.#values.fill(undefined);
    columns.readCallValues(at, values);
    normaliseCallValues(values, kindNames[columns.kinds[at] as number] as SpanKind);
    return values;
  }
}
