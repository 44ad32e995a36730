import { type FormEvent, useState } from 'react';
import { hrefTo, setQuery, useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { SelectField, TextField, Toggle } from '../parts/fields.tsx';
import { formatInstant } from '../words/format.ts';
import {
  anyService,
  isTraceId,
  limits,
  lookbacks,
  searchProblems,
  type TraceSearch,
} from './trace-search.ts';

interface SearchToolsProps {
  readonly search: TraceSearch;
  readonly services: readonly string[];
  readonly onAgain: () => void;
}

/** The fields of a search; every one of them stands in the address. */
export function SearchTools({ search, services, onAgain }: SearchToolsProps) {
  const { place } = useSurroundings();
  return (
    <search className="tools" aria-label="Search for traces">
      <WhoseFields search={search} services={services} />
      <FilterFields search={search} />
      <WindowFields search={search} />
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
    </search>
  );
}

function WhoseFields({ search, services }: Omit<SearchToolsProps, 'onAgain'>) {
  const { place, client } = useSurroundings();
  const one = search.service !== '' && search.service !== anyService;
  const operations = useResource(one ? `operations ${search.service}` : undefined, () =>
    client.operations(search.service),
  );
  const names = operations.kind === 'ready' ? operations.value : [];
  return (
    <>
      <SelectField
        label="Service"
        value={search.service}
        options={[
          ['', 'Choose one'],
          [anyService, 'Any service'],
          ...services.map((name) => [name, name] as const),
        ]}
        onChange={(service) => setQuery(place, { service, operation: '' }, 'push')}
      />
      <SelectField
        label="Operation"
        value={search.operation}
        options={[['', 'Any'], ...names.map((name) => [name, name] as const)]}
        onChange={(operation) => setQuery(place, { operation }, 'push')}
      />
    </>
  );
}

function FilterFields({ search }: { readonly search: TraceSearch }) {
  const { place } = useSurroundings();
  const problems = searchProblems(search);
  return (
    <>
      <TextField
        label="Tags"
        value={search.tags}
        placeholder="http.response.status_code=500"
        problem={problems.tags}
        size="wide"
        onChange={(tags) => setQuery(place, { tags })}
      />
      <TextField
        label="At least"
        value={search.minDuration}
        placeholder="100ms"
        problem={problems.minDuration}
        size="short"
        onChange={(minDuration) => setQuery(place, { minDuration })}
      />
      <TextField
        label="No longer than"
        value={search.maxDuration}
        placeholder="1.5s"
        problem={problems.maxDuration}
        size="short"
        onChange={(maxDuration) => setQuery(place, { maxDuration })}
      />
    </>
  );
}

function WindowFields({ search }: { readonly search: TraceSearch }) {
  const { place } = useSurroundings();
  const { until, lookback } = search;
  return (
    <>
      <SelectField
        label="When"
        value={lookback}
        options={lookbacks.map(([key, words]) => [key, words] as const)}
        onChange={(next) => setQuery(place, { lookback: next }, 'push')}
      />
      {until === undefined ? (
        <button
          type="button"
          className="button"
          title="Holds the window where it is now, so that a shared link finds the same"
          onClick={() => setQuery(place, { until: new Date().toISOString() }, 'push')}
        >
          Hold the time
        </button>
      ) : (
        <button
          type="button"
          className="button chip"
          aria-label={`Up to ${formatInstant(new Date(until).toISOString())}; go back to now`}
          onClick={() => setQuery(place, { until: undefined }, 'push')}
        >
          up to {formatInstant(new Date(until).toISOString())} <span aria-hidden="true">×</span>
        </button>
      )}
    </>
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
