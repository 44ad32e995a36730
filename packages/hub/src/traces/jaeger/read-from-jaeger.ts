import type { SpanKind } from '@concordat/domain';
import { DecodeError } from '../decode/decode-error.ts';
import type {
  StoredOperation,
  StoredTrace,
  TimeRange,
  TraceQuery,
  TraceReader,
} from '../store/trace-reader.ts';
import { assembleTraces } from './assemble-traces.ts';
import { JaegerClient, type JaegerClientOptions } from './jaeger-client.ts';
import { type JaegerDialect, JaegerRefusal, NoSuchApiError } from './jaeger-dialect.ts';
import { JaegerReadError } from './jaeger-read-error.ts';
import { JaegerV1 } from './read-by-v1.ts';
import { JaegerV3 } from './read-by-v3.ts';
import { searchByService, searchNewest } from './search-newest.ts';

export interface JaegerReaderOptions extends JaegerClientOptions {
  readonly now: () => Date;
}

/**
 * Reads traces from a real Jaeger, whatever of its query APIs it has: v3 first, v1 where there is no v3, and v1 for
 * searches by tags where v3 passes over them. What it has is found out with the first question and looked at again now
 * and then, or when an API is gone. Answers are judged and redacted like spans that are sent; nothing is kept.
 *
 * Differences from the hub's own store, all of them Jaeger's or of the storage behind it: how tags are compared (Elasticsearch
 * takes their values for patterns), whether two conditions must hold for one span, which of many traces a limit leaves
 * out, and how soon a span that was sent can be read. Through v3 an operation without kind is internal. Through v1
 * attributes of links are lost, and times are cut to microseconds. A `JaegerReadError` says what Jaeger did not answer.
 */
export function openJaegerReader(options: JaegerReaderOptions): TraceReader {
  return new JaegerReader(options);
}

/** What a Jaeger can do, and which dialect asks for it. */
interface Abilities {
  readonly main: JaegerDialect;
  readonly tagSearch: JaegerDialect;
  readonly untilMs: number;
}

const rememberMs = 600_000;
/** A trace's spans lie within this of any time its sender gave as hint. */
const hourMicros = 3_600_000_000;

class JaegerReader implements TraceReader {
  readonly #client: JaegerClient;
  readonly #v1: JaegerV1;
  readonly #v3: JaegerV3;
  readonly #now: () => Date;
  #abilities: Promise<Abilities> | undefined;
  /** Whether it refused a search without service. */
  #needsService = false;

  constructor(options: JaegerReaderOptions) {
    this.#client = new JaegerClient(options);
    this.#v1 = new JaegerV1(this.#client);
    this.#v3 = new JaegerV3(this.#client);
    this.#now = options.now;
  }

  services(): Promise<readonly string[]> {
    return this.#asking(async ({ main }) => sorted(await main.services()));
  }

  operations(service: string, kind?: SpanKind): Promise<readonly StoredOperation[]> {
    return this.#asking(async ({ main }) => {
      const operations = await main.operations(service, kind);
      const wanted = operations.filter((one) => kind === undefined || one.kind === kind);
      return uniqueOperations(wanted);
    });
  }

  trace(traceId: string, hint?: TimeRange): Promise<StoredTrace | undefined> {
    return this.#asking(async ({ main }) => {
      const hinted = hint === undefined ? [] : await main.trace(traceId, widened(hint));
      const spans = hinted.length > 0 ? hinted : await main.trace(traceId, undefined);
      return assembleTraces(spans).find((trace) => trace.traceId === traceId);
    });
  }

  search(query: TraceQuery): Promise<readonly StoredTrace[]> {
    return this.#asking(async ({ main, tagSearch }) => {
      const dialect = query.tags.size === 0 ? main : tagSearch;
      if (query.service !== undefined || !this.#needsService) {
        const found = await this.#searchAtOnce(dialect, query);
        if (found !== undefined) return found;
      }
      return searchByService(dialect, query);
    });
  }

  archive(traceId: string): Promise<boolean> {
    return this.#asking(() => this.#v1.archive(traceId));
  }

  async answers(): Promise<void> {
    await this.services();
  }

  /** Undefined when this Jaeger wants a service and the query has none. */
  async #searchAtOnce(
    dialect: JaegerDialect,
    query: TraceQuery,
  ): Promise<readonly StoredTrace[] | undefined> {
    try {
      return await searchNewest(dialect, query);
    } catch (error) {
      if (query.service !== undefined || !asksForService(error)) throw error;
      this.#needsService = true;
      return undefined;
    }
  }

  /** Asks what Jaeger can do where that is not known, and once more where an API is gone that was there. */
  async #asking<T>(question: (abilities: Abilities) => Promise<T>): Promise<T> {
    const known = await this.#remembered();
    try {
      return await question(known);
    } catch (error) {
      if (!(error instanceof NoSuchApiError)) throw told(error);
      this.#abilities = undefined;
    }
    try {
      return await question(await this.#remembered());
    } catch (error) {
      throw told(error);
    }
  }

  async #remembered(): Promise<Abilities> {
    const known = await this.#abilities;
    if (known !== undefined && known.untilMs > this.#now().getTime()) return known;
    const asked = this.#probe();
    this.#abilities = asked;
    asked.catch(() => {
      if (this.#abilities === asked) this.#abilities = undefined;
    });
    return asked;
  }

  async #probe(): Promise<Abilities> {
    this.#needsService = false;
    const untilMs = this.#now().getTime() + rememberMs;
    try {
      await this.#v3.services();
    } catch (error) {
      if (!(error instanceof NoSuchApiError)) throw error;
      await this.#v1.services();
      return { main: this.#v1, tagSearch: this.#v1, untilMs };
    }
    const isOld = !(await this.#v3.knowsAttributes()) && (await this.#v1.knowsSearch());
    return { main: this.#v3, tagSearch: isOld ? this.#v1 : this.#v3, untilMs };
  }
}

function told(error: unknown): unknown {
  if (!(error instanceof DecodeError)) return error;
  const message = `Jaeger's answer cannot be understood: ${error.message}`;
  return new JaegerReadError(message, 502, { cause: error });
}

/** Jaegers say so in words of their own, with 400 or 500. */
function asksForService(error: unknown): boolean {
  return (
    error instanceof JaegerRefusal &&
    (error.answered === 400 || error.answered === 500) &&
    /service/i.test(error.said)
  );
}

function widened({ fromMicros, toMicros }: TimeRange): TimeRange {
  return { fromMicros: Math.max(0, fromMicros - hourMicros), toMicros: toMicros + hourMicros };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compare);
}

function uniqueOperations(operations: readonly StoredOperation[]): readonly StoredOperation[] {
  const byKey = new Map(operations.map((one) => [`${one.kind} ${one.name}`, one]));
  return [...byKey.values()].sort((a, b) => compare(a.name, b.name) || compare(a.kind, b.kind));
}

/** As the database does, by code unit. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
