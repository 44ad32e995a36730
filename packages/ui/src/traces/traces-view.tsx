import { type FormEvent, useState } from 'react';
import { hrefTo, setQuery, useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { SelectField, Toggle } from '../parts/fields.tsx';
import { Link } from '../parts/link.tsx';
import { Service } from '../parts/marks.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import type { Trace } from './trace.ts';
import { TraceLines } from './trace-lines.tsx';
import {
  isGoDuration,
  isTraceId,
  jaegerQuery,
  limits,
  lookbacks,
  readTraceSearch,
  type TraceSearch,
} from './trace-search.ts';

/** Search for traces, as the address says. */
export function TracesView() {
  const { place, client } = useSurroundings();
  const search = readTraceSearch(place.query);
  const services = useResource('services', () => client.services());
  const ready =
    search.service !== '' && (search.minDuration === '' || isGoDuration(search.minDuration));
  const [asked, askAgain] = useState(0);
  const traces = useResource(ready ? `traces ${asked} ${JSON.stringify(search)}` : undefined, () =>
    client.traces(search, Date.now()),
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
              <SearchTools search={search} services={names} onAgain={() => askAgain(asked + 1)} />
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

/** The answer to a search. */
export function FoundTraces({
  traces,
  search,
}: {
  readonly traces: readonly Trace[];
  readonly search: TraceSearch;
}) {
  if (traces.length === 0) {
    return (
      <Empty title="No trace matches">
        <p>
          {search.service} sent nothing that fits in the {lookbackWords(search)}. Look further back,
          or take out a filter.
        </p>
      </Empty>
    );
  }
  return <TraceLines traces={traces} limit={search.limit} />;
}

interface SearchToolsProps {
  readonly search: TraceSearch;
  readonly services: readonly string[];
  readonly onAgain: () => void;
}

function SearchTools({ search, services, onAgain }: SearchToolsProps) {
  const { place, client } = useSurroundings();
  const operations = useResource(
    search.service === '' ? undefined : `operations ${search.service}`,
    () => client.operations(search.service),
  );
  const names = operations.kind === 'ready' ? operations.value : [];
  return (
    <div className="tools">
      <SelectField
        label="Service"
        value={search.service}
        options={[['', 'Choose one'], ...services.map((name) => [name, name] as const)]}
        onChange={(service) => setQuery(place, { service, operation: '' }, 'push')}
      />
      <SelectField
        label="Operation"
        value={search.operation}
        options={[['', 'Any'], ...names.map((name) => [name, name] as const)]}
        onChange={(operation) => setQuery(place, { operation }, 'push')}
      />
      <MinDuration value={search.minDuration} />
      <SelectField
        label="When"
        value={search.lookback}
        options={lookbacks.map(([key, words]) => [key, words] as const)}
        onChange={(lookback) => setQuery(place, { lookback }, 'push')}
      />
      <SelectField
        label="At most"
        value={String(search.limit)}
        options={limits.map((limit) => [String(limit), `${limit} traces`] as const)}
        onChange={(limit) => setQuery(place, { limit }, 'push')}
      />
      <Toggle
        pressed={search.errors}
        onToggle={() => setQuery(place, { errors: !search.errors }, 'push')}
      >
        Errors only
      </Toggle>
      <button type="button" className="button" onClick={onAgain} disabled={search.service === ''}>
        Search again
      </button>
      <TraceIdField />
    </div>
  );
}

function MinDuration({ value }: { readonly value: string }) {
  const { place } = useSurroundings();
  const wrong = value !== '' && !isGoDuration(value);
  return (
    <label className="labelled">
      <span>At least</span>
      <input
        className="field field-short"
        value={value}
        placeholder="100ms"
        aria-invalid={wrong}
        title={wrong ? 'A length of time such as 250ms or 1.5s' : undefined}
        onChange={(event) => setQuery(place, { minDuration: event.target.value })}
      />
      {wrong && (
        <span className="field-problem" role="alert">
          like 250ms or 1.5s
        </span>
      )}
    </label>
  );
}

function TraceIdField() {
  const { place } = useSurroundings();
  const [text, setText] = useState('');
  const open = (event: FormEvent) => {
    event.preventDefault();
    if (isTraceId(text))
      place.go(hrefTo(place, { view: 'trace', traceId: text.trim().toLowerCase() }), 'push');
  };
  return (
    <form className="trace-id-form" onSubmit={open}>
      <input
        className="field"
        aria-label="Open a trace by its id"
        placeholder="Trace id  /"
        value={text}
        data-search=""
        aria-invalid={text !== '' && !isTraceId(text)}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button" disabled={!isTraceId(text)}>
        Open
      </button>
    </form>
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
  const { place } = useSurroundings();
  return (
    <Empty title="No traces yet">
      <p>
        Point <code>OTEL_EXPORTER_OTLP_ENDPOINT</code> of your services at{' '}
        <code>{place.hub.replace(/\/$/u, '')}</code>; the hub takes OTLP over HTTP at{' '}
        <code>/v1/traces</code> and Jaeger Thrift on its own port.
      </p>
    </Empty>
  );
}

function lookbackWords(search: TraceSearch): string {
  return lookbacks.find(([key]) => key === search.lookback)?.[1] ?? 'time asked for';
}
