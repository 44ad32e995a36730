import type { ServiceDetail } from '@concordat/api';
import { hrefTo, setQuery, useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { SearchField, Toggle } from '../parts/fields.tsx';
import { Link } from '../parts/link.tsx';
import { Service } from '../parts/marks.tsx';
import { Await } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { formatCount, formatDuration, formatShare, plural } from '../words/format.ts';
import { NoSpans, queryText, RangeField } from './monitor-view.tsx';
import { operationFigures, readSide, type Side, sumSteps } from './operation-figures.ts';
import { OperationTable } from './operation-table.tsx';
import { SparkBars } from './sparkline.tsx';
import { readRange, refreshEvery, windowQuery } from './time-range.ts';

/** Rate, errors and durations of one service, operation by operation. */
export function ServiceView({ service }: { readonly service: string }) {
  const { place, client } = useSurroundings();
  const environment = place.query.get('env') ?? '';
  const range = readRange(place.query);
  const detail = useResource(
    `monitor of ${service} ${range} ${environment}`,
    () => client.monitor(service, windowQuery(range, environment, Date.now())),
    refreshEvery(range),
  );
  const path = `insights/services/${encodeURIComponent(service)}`;
  return (
    <>
      <ViewHead
        title={<Service name={service} />}
        json={`${place.hub}${path}${queryText(range, environment)}`}
      >
        <p>
          <Link to={hrefTo(place, { view: 'monitor' }, { range: place.query.get('range') ?? '' })}>
            Every service
          </Link>
          {' · '}
          <Link to={hrefTo(place, { view: 'map' }, { focus: service })}>On the map</Link>
          {' · '}
          <Link to={hrefTo(place, { view: 'traces' }, { service })}>Traces</Link>
        </p>
      </ViewHead>
      <Await resource={detail} what="the operations">
        {(value) => <ServicePage detail={value} />}
      </Await>
    </>
  );
}

const sides: readonly (readonly [Side, string])[] = [
  ['answers', 'What it answers'],
  ['asks', 'What it asks'],
  ['all', 'Every span'],
];

/** The operations of a service, filtered and ordered as the address says. */
function ServicePage({ detail }: { readonly detail: ServiceDetail }) {
  const { place } = useSurroundings();
  const side = readSide(place.query);
  const text = place.query.get('q') ?? '';
  const all = operationFigures(detail, side);
  const shown = all.filter(({ operation }) =>
    operation.name.toLowerCase().includes(text.trim().toLowerCase()),
  );
  return (
    <>
      <div className="tools">
        <SearchField
          label="Search operations"
          value={text}
          onChange={(q) => setQuery(place, { q })}
        />
        <fieldset className="switch switch-start">
          <legend className="hidden">Which side</legend>
          {sides.map(([key, words]) => (
            <Toggle
              key={key}
              pressed={side === key}
              onToggle={() =>
                setQuery(place, { side: key === 'answers' ? undefined : key }, 'push')
              }
            >
              {words}
            </Toggle>
          ))}
        </fieldset>
        <RangeField />
        <p className="showing" role="status">
          {shown.length === all.length
            ? `${plural(all.length, 'operation')}.`
            : `Showing ${formatCount(shown.length)} of ${plural(all.length, 'operation')}.`}
        </p>
      </div>
      {detail.operations.length === 0 ? (
        <NoSpans service={detail.service} />
      ) : (
        <>
          <Chart detail={detail} side={side} />
          {all.length === 0 ? (
            <p className="soft">{detail.service} has spans in this time, but none of this side.</p>
          ) : (
            <OperationTable figures={shown} detail={detail} />
          )}
        </>
      )}
    </>
  );
}

function Chart({ detail, side }: { readonly detail: ServiceDetail; readonly side: Side }) {
  const { calls, errors } = sumSteps(operationFigures(detail, side));
  const [total, failed] = [sum(calls), sum(errors)];
  const step = formatDuration(detail.step * 1_000_000);
  const words = `${plural(total, 'call')}, ${formatShare(failed, total)} failed; up to ${formatCount(Math.max(0, ...calls))} in ${step}`;
  return (
    <figure className="monitor-chart">
      <SparkBars values={calls} failed={errors} words={words} />
      <figcaption>
        <span>{words}.</span>
        <span className="soft">One bar for {step}; the newest may still fill.</span>
      </figcaption>
    </figure>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
