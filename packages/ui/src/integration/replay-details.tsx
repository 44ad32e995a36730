import { type EdgeDetail, InsightsError } from '@concordat/api';
import { useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { Disclosure } from '../parts/disclosure.tsx';
import { Await } from '../parts/states.tsx';
import { buildSpanTree } from '../traces/span-tree.ts';
import { type Trace, type TraceSpan, tagOf } from '../traces/trace.ts';
import { formatDuration } from '../words/format.ts';

type Verification = NonNullable<EdgeDetail['interactions'][number]['lastVerification']>;

/** What did not fit when an interaction was verified last, and beside it what the provider did. */
export function ReplayDetails({ verification }: { readonly verification: Verification }) {
  const { traceId, mismatches } = verification;
  return (
    <div className="replay-details">
      <ul className="mismatches">
        {mismatches.map((one) => (
          <li key={JSON.stringify(one)}>
            {[one.attribute, one.identifier].filter(Boolean).join(' ')} {one.description}
          </li>
        ))}
      </ul>
      {traceId === null ? (
        <p className="soft">The verifier sent no trace of it.</p>
      ) : (
        <Disclosure summary="What the provider did">
          <Replay traceId={traceId} />
        </Disclosure>
      )}
    </div>
  );
}

function Replay({ traceId }: { readonly traceId: string }) {
  const { client } = useSurroundings();
  const trace = useResource(`replay ${traceId}`, () =>
    client.trace(traceId, 'recorded').catch(noneWhereUnknown),
  );
  return (
    <Await resource={trace} what="its spans">
      {(shown) => <ReplayTree trace={shown} />}
    </Await>
  );
}

export function noneWhereUnknown(error: unknown): undefined {
  if (error instanceof InsightsError && error.status === 404) return undefined;
  throw error;
}

/** The spans of a replay as indented text, errors with what they say. */
export function ReplayTree({ trace }: { readonly trace: Trace | undefined }) {
  if (trace === undefined) {
    return (
      <p className="soft">
        The hub has no spans of this replay: the provider was not traced, or they have expired.
      </p>
    );
  }
  const { spans, depth } = buildSpanTree(trace);
  const lines = spans.flatMap((span, row) => spanLines(span, '  '.repeat(depth[row] ?? 0)));
  return <pre className="replay">{lines.slice(0, 200).join('\n')}</pre>;
}

function spanLines(span: TraceSpan, indent: string): readonly string[] {
  const { service, name, duration, failed, tags, logs } = span;
  const status = tagOf(tags, 'http.response.status_code') ?? tagOf(tags, 'http.status_code');
  const words = [service, name, status, formatDuration(duration), failed ? '✕' : undefined];
  const exceptions = logs.filter(({ fields }) => tagOf(fields, 'event') === 'exception');
  return [
    `${indent}└ ${words.filter((word) => word !== undefined).join(' ')}`,
    ...exceptions.map(({ fields }) => {
      const said = [tagOf(fields, 'exception.type'), tagOf(fields, 'exception.message')];
      return `${indent}    · ${said.filter(Boolean).join(': ')}`;
    }),
  ];
}
