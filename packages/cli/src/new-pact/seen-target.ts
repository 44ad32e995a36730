import type { HubClient } from '../hub-client/hub-client.ts';
import { type JaegerSpan, readTrace } from '../hub-client/jaeger-trace.ts';
import type { SeenTarget } from './observed-call.ts';

/** Path and query of a request in a trace, best as its server tells them; undefined when the trace is gone or tells none. */
export async function fetchTarget(
  hub: HubClient,
  asked: { readonly traceId: string; readonly method: string; readonly service: string },
): Promise<SeenTarget | undefined> {
  const trace = await readTrace(hub, asked.traceId);
  if (trace === undefined) return undefined;
  const seen = trace.spans.filter((span) => tagOf(span, METHODS) === asked.method);
  const served = seen.find(
    (span) =>
      trace.processes[span.processID]?.serviceName === asked.service &&
      tagOf(span, ['span.kind']) === 'server',
  );
  return [...(served === undefined ? [] : [served]), ...seen]
    .map(targetOf)
    .find((target) => target !== undefined);
}

const METHODS = ['http.request.method', 'http.method'];

function tagOf(span: JaegerSpan, names: readonly string[]): string | undefined {
  const tag = span.tags?.find(({ key }) => names.includes(key));
  return tag === undefined ? undefined : String(tag.value);
}

function targetOf(span: JaegerSpan): SeenTarget | undefined {
  const text =
    tagOf(span, ['url.path']) ??
    tagOf(span, ['http.target']) ??
    tagOf(span, ['url.full', 'http.url']);
  const base = 'http://provider';
  if (text === undefined || !URL.canParse(text, base)) return undefined;
  const { pathname, search } = new URL(text, base);
  return { path: pathname, query: tagOf(span, ['url.query']) ?? search.replace(/^\?/, '') };
}
