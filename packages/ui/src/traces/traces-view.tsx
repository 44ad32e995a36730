import { useState } from 'react';
import { hrefTo, hrefWith, useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { useSettled } from '../interactions/use-settled.ts';
import { Link } from '../parts/link.tsx';
import { Service } from '../parts/marks.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { SearchTools } from './search-tools.tsx';
import type { Trace } from './trace.ts';
import { TraceLines } from './trace-lines.tsx';
import {
  anyService,
  jaegerQuery,
  lookbacks,
  readTraceSearch,
  searchProblems,
  type TraceSearch,
} from './trace-search.ts';

/** Long enough that typing a tag asks once. */
const typingMs = 300;

/** Search for traces, as the address says. */
export function TracesView() {
  const { place, client } = useSurroundings();
  const search = readTraceSearch(place.query);
  const asked = useAsked(search);
  const services = useResource('services', () => client.services());
  const ready = asked.service !== '' && Object.keys(searchProblems(asked)).length === 0;
  const [times, askAgain] = useState(0);
  const traces = useResource(ready ? `traces ${times} ${JSON.stringify(asked)}` : undefined, () =>
    client.traces(asked, Date.now()),
  );
  const json =
    search.service === ''
      ? `${place.hub}api/services`
      : `${place.hub}api/traces?${jaegerQuery(search, Date.now())}`;
  return (
    <>
      <ViewHead title="Traces" json={json}>
        <p>What really happened, span by span.</p>
      </ViewHead>
      <Await resource={services} what="the services">
        {(names) =>
          names.length === 0 ? (
            <NoServices />
          ) : (
            <>
              <SearchTools search={search} services={names} onAgain={() => askAgain(times + 1)} />
              {search.service === '' ? (
                <ChooseService names={names} />
              ) : (
                ready && (
                  <Await resource={traces} what="the traces">
                    {(found) => <FoundTraces traces={found} search={search} />}
                  </Await>
                )
              )}
            </>
          )
        }
      </Await>
    </>
  );
}

/** What was chosen counts at once, what is typed when the typing stops. */
function useAsked(search: TraceSearch): TraceSearch {
  const { tags, minDuration, maxDuration } = search;
  const typed = useSettled(JSON.stringify({ tags, minDuration, maxDuration }), typingMs);
  return { ...search, ...(JSON.parse(typed) as Pick<TraceSearch, 'tags'>) };
}

interface FoundTracesProps {
  readonly traces: readonly Trace[];
  readonly search: TraceSearch;
}

/** The answer to a search. */
export function FoundTraces({ traces, search }: FoundTracesProps) {
  if (traces.length === 0) return <NoTraces search={search} />;
  return <TraceLines traces={traces} search={search} />;
}

function NoTraces({ search }: { readonly search: TraceSearch }) {
  const { place } = useSurroundings();
  const { service, operation, tags, minDuration, maxDuration, errors } = search;
  const filtered = [operation, tags, minDuration, maxDuration].some((text) => text !== '');
  return (
    <Empty title="No trace matches">
      <p>
        {service === anyService ? 'No service' : service} sent{' '}
        {service === anyService ? 'anything' : 'nothing'} that fits in the {lookbackWords(search)}.
        Look further back{filtered || errors ? ', or take out a filter' : ''}.
      </p>
      {filtered || errors ? (
        <p>
          <Link
            to={hrefWith(place, {
              operation: '',
              tags: '',
              minDuration: '',
              maxDuration: '',
              errors: false,
            })}
          >
            Take out every filter
          </Link>
        </p>
      ) : (
        <SendingAdvice />
      )}
    </Empty>
  );
}

function ChooseService({ names }: { readonly names: readonly string[] }) {
  const { place } = useSurroundings();
  return (
    <Empty title="Whose traces?">
      <ul className="service-choice">
        {names.map((name) => (
          <li key={name}>
            <Link to={hrefTo(place, { view: 'traces' }, { service: name })} className="button" row>
              <Service name={name} />
            </Link>
          </li>
        ))}
      </ul>
    </Empty>
  );
}

function NoServices() {
  return (
    <Empty title="No traces yet">
      <SendingAdvice />
    </Empty>
  );
}

/** Where a service has to send its spans to be seen here. */
export function SendingAdvice() {
  const { place } = useSurroundings();
  return (
    <p>
      Does the service send its spans here? Point <code>OTEL_EXPORTER_OTLP_ENDPOINT</code> of your
      services at <code>{place.hub.replace(/\/$/u, '')}</code>; the hub takes OTLP over HTTP at{' '}
      <code>/v1/traces</code> and Jaeger Thrift on its own port.
    </p>
  );
}

function lookbackWords(search: TraceSearch): string {
  return lookbacks.find(([key]) => key === search.lookback)?.[1] ?? 'time asked for';
}
