import type { Service as ServiceFigures } from '@concordat/api';
import { hrefTo, setQuery, useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { SearchField, SelectField } from '../parts/fields.tsx';
import { Link } from '../parts/link.tsx';
import { Service } from '../parts/marks.tsx';
import { SortHead } from '../parts/sort-head.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { When } from '../parts/when.tsx';
import { SendingAdvice } from '../traces/traces-view.tsx';
import { formatCount, formatRate, plural } from '../words/format.ts';
import { readSort, type SortColumns, sortRows } from '../words/sort.ts';
import { ErrorShare, Millis } from './figures.tsx';
import {
  type RangeKey,
  ranges,
  rangeWords,
  readRange,
  refreshEvery,
  windowQuery,
} from './time-range.ts';

type Column = 'service' | 'rate' | 'errors' | 'p50' | 'p95' | 'p99' | 'operations' | 'seen';

const columns: SortColumns<ServiceFigures, Column> = {
  service: ({ service }) => service,
  rate: ({ rate }) => rate,
  errors: ({ errorRate }) => errorRate,
  p50: ({ latency }) => latency?.p50,
  p95: ({ latency }) => latency?.p95,
  p99: ({ latency }) => latency?.p99,
  operations: ({ operations }) => operations,
  seen: ({ lastSeen }) => lastSeen,
};

/** How all services answer, now and lately. */
export function MonitorView() {
  const { place, client } = useSurroundings();
  const environment = place.query.get('env') ?? '';
  const range = readRange(place.query);
  const services = useResource(
    `monitor ${range} ${environment}`,
    () => client.monitored(windowQuery(range, environment, Date.now())),
    refreshEvery(range),
  );
  return (
    <>
      <ViewHead
        title="Monitor"
        json={`${place.hub}insights/services${queryText(range, environment)}`}
      >
        <p>Rate, errors and durations of what every service answers.</p>
      </ViewHead>
      <Await resource={services} what="the services">
        {(value) => <MonitorPage services={value} />}
      </Await>
    </>
  );
}

/** The address of the same data, for as long ago as it is now. */
export function queryText(range: RangeKey, environment: string): string {
  return `?${new URLSearchParams({ ...windowQuery(range, environment, Date.now()) })}`;
}

/** Services with their figures, filtered and ordered as the address says. */
function MonitorPage({ services }: { readonly services: readonly ServiceFigures[] }) {
  const { place } = useSurroundings();
  const text = place.query.get('q') ?? '';
  const sort = readSort(place.query.get('sort'), columns, { column: 'rate', falling: true });
  const shown = services.filter(({ service }) =>
    service.toLowerCase().includes(text.trim().toLowerCase()),
  );
  const head = { sort };
  return (
    <>
      <div className="tools">
        <SearchField
          label="Search services"
          value={text}
          onChange={(q) => setQuery(place, { q })}
        />
        <RangeField />
        <p className="showing" role="status">
          {shown.length === services.length
            ? `${plural(services.length, 'service')} with spans.`
            : `Showing ${formatCount(shown.length)} of ${plural(services.length, 'service')}.`}
        </p>
      </div>
      {services.length === 0 && <NoSpans />}
      {shown.length > 0 && (
        <div className="table-frame">
          <table>
            <thead>
              <tr>
                <SortHead {...head} column="service" label="Service" text />
                <SortHead {...head} column="rate" label="Rate" />
                <SortHead {...head} column="errors" label="Errors" />
                <SortHead {...head} column="p50" label="p50" />
                <SortHead {...head} column="p95" label="p95" />
                <SortHead {...head} column="p99" label="p99" />
                <SortHead {...head} column="operations" label="Operations" />
                <SortHead {...head} column="seen" label="Last seen" />
              </tr>
            </thead>
            <tbody>
              {sortRows(shown, columns, sort).map((service) => (
                <ServiceRow key={service.service} figures={service} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

export function RangeField() {
  const { place } = useSurroundings();
  return (
    <SelectField
      label="Time"
      value={readRange(place.query)}
      options={ranges.map(([key, words]) => [key, words] as const)}
      onChange={(range) => setQuery(place, { range }, 'push')}
    />
  );
}

function ServiceRow({ figures }: { readonly figures: ServiceFigures }) {
  const { place } = useSurroundings();
  const { service, environments, rate, errorRate, latency, operations, lastSeen, calls } = figures;
  const range = place.query.get('range') ?? undefined;
  return (
    <tr>
      <td>
        <Link to={hrefTo(place, { view: 'service', service }, { range })} row>
          <Service name={service} />
        </Link>{' '}
        {environments.map((environment) => (
          <span key={environment} className="tag">
            {environment}
          </span>
        ))}
      </td>
      <td className="number" title={plural(Math.round(calls), 'call')}>
        {calls === 0 ? <span className="soft">answers nothing</span> : formatRate(rate)}
      </td>
      <td className="number">{calls === 0 ? '–' : <ErrorShare rate={errorRate} />}</td>
      <Millis value={latency?.p50} />
      <Millis value={latency?.p95} />
      <Millis value={latency?.p99} />
      <td className="number">{formatCount(operations)}</td>
      <td className="number">
        <When at={lastSeen} />
      </td>
    </tr>
  );
}

/** Nothing came in the window: why that may be, and what to do. */
export function NoSpans({ service }: { readonly service?: string }) {
  const { place } = useSurroundings();
  const environment = place.query.get('env') ?? '';
  const where = environment === '' ? '' : ` in ${environment}`;
  return (
    <Empty title={`No spans in the ${rangeWords(readRange(place.query))}${where}`}>
      <p>
        {service === undefined ? 'No service was' : `${service} was not`} heard of{where} in this
        time. Look further back
        {environment === '' ? '' : ', or at every environment'}.
      </p>
      <SendingAdvice />
    </Empty>
  );
}
