// W3C baggage travels on to services further down, so a name alone would be taken for that of the direct caller there. The span id
// beside it is that of the calling span: it is the direct caller's only where it equals the parent id in `traceparent`.
import {
  baggageEntryMetadataFromString,
  type Context,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';

const entryName = 'concordat.consumer';
const longestName = 200;

/** Who calls, as it says itself. */
export interface Caller {
  readonly name: string;
  readonly version: string | undefined;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The direct caller that a guard has named; undefined where it has none or a service between does not know of guards. */
export function readCaller({ traceparent, baggage }: Headers): Caller | undefined {
  if (baggage === undefined || typeof traceparent !== 'string') return undefined;
  const parentId = traceparent.split('-')[2];
  for (const member of String(baggage).split(',')) {
    const [pair = '', ...properties] = member.split(';').map((part) => part.trim());
    if (!pair.startsWith(`${entryName}=`)) continue;
    const isDirect = properties.includes(`span=${parentId}`);
    const name = decoded(pair.slice(entryName.length + 1));
    if (!isDirect || name === undefined || name.length > longestName) return undefined;
    const version = properties.find((property) => property.startsWith('version='));
    return { name, version: version && decoded(version.slice('version='.length)) };
  }
  return undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text) || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Lets this service name itself in the baggage of the calls into which its trace is propagated anyhow. Returns what undoes it. Where
 * nothing is propagated, or no baggage, nothing is changed.
 */
export function nameCaller({ name, version }: Caller): () => void {
  const inner = globalPropagator();
  if (inner === undefined || !inner.fields().includes('baggage')) return () => undefined;
  const own = new CallerNaming(inner, { name, version });
  propagation.disable();
  propagation.setGlobalPropagator(own);
  return () => {
    if (globalPropagator() !== own) return;
    propagation.disable();
    propagation.setGlobalPropagator(inner);
  };
}

/** The API can set it, and take it away, but gives it to nobody. */
function globalPropagator(): TextMapPropagator | undefined {
  const api = propagation as unknown as {
    readonly _getGlobalPropagator?: () => TextMapPropagator;
  };
  return api._getGlobalPropagator?.();
}

class CallerNaming implements TextMapPropagator {
  readonly #inner: TextMapPropagator;
  readonly #caller: Caller;

  constructor(inner: TextMapPropagator, caller: Caller) {
    this.#inner = inner;
    this.#caller = caller;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    this.#inner.inject(this.#named(context), carrier, setter);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    return this.#inner.extract(context, carrier, getter);
  }

  fields(): string[] {
    return this.#inner.fields();
  }

  #named(context: Context): Context {
    const spanId = trace.getSpanContext(context)?.spanId;
    if (spanId === undefined) return context;
    const { name, version } = this.#caller;
    const tail = version === undefined ? '' : `;version=${encodeURIComponent(version)}`;
    const entry = {
      value: name,
      metadata: baggageEntryMetadataFromString(`span=${spanId}${tail}`),
    };
    const baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
    return propagation.setBaggage(context, baggage.setEntry(entryName, entry));
  }
}
