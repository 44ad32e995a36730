import type { FindingResource } from '@concordat/api';
import { useState } from 'react';
import { hrefWith, setQuery, useSurroundings } from '../app/place.ts';
import { changeQuery } from '../app/routes.ts';
import { pollLive, useResource } from '../data/use-resource.ts';
import { SearchField, SelectField, Toggle } from '../parts/fields.tsx';
import { Link } from '../parts/link.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { formatCount, plural } from '../words/format.ts';
import { FindingCard } from './finding-card.tsx';
import {
  countKinds,
  type FindingFilter,
  filterFindings,
  peersOf,
  readFindingFilter,
} from './finding-filter.ts';

const cardsAtOnce = 100;

/** Disagreements of traffic and contract: the open ones, or those of the state that the address names. */
export function FindingsView() {
  const { place, client } = useSurroundings();
  const environment = place.query.get('env') ?? '';
  const state = place.query.get('state') ?? 'open';
  const findings = useResource(
    `findings ${state} ${environment}`,
    () => client.findings(environment, state),
    pollLive,
  );
  const query = changeQuery(new URLSearchParams(), {
    environment,
    state: state === 'open' ? '' : state,
  }).toString();
  return (
    <>
      <ViewHead title="Findings" json={`${place.hub}insights/findings${query && `?${query}`}`}>
        <p>Where traffic and contracts disagree.</p>
      </ViewHead>
      <Await resource={findings} what="the findings">
        {(value) => <FindingsPage findings={value} />}
      </Await>
    </>
  );
}

/** Some findings, filtered as the address says. */
export function FindingsPage({ findings }: { readonly findings: readonly FindingResource[] }) {
  const { place } = useSurroundings();
  const [limit, setLimit] = useState(cardsAtOnce);
  const shown = filterFindings(findings, readFindingFilter(place.query));
  const tools = <FindingTools findings={findings} filter={readFindingFilter(place.query)} />;
  if (findings.length === 0) {
    return (
      <>
        {tools}
        <NoFindings />
      </>
    );
  }
  return (
    <>
      {tools}
      <p className="showing" role="status">
        {shown.length === findings.length
          ? `Showing all ${plural(findings.length, 'finding')}, newest first.`
          : `Showing ${formatCount(shown.length)} of ${plural(findings.length, 'finding')}.`}
        {shown.length < findings.length && (
          <>
            {' '}
            <Link to={hrefWith(place, { q: '', kind: '', consumer: '', provider: '' })}>
              Show all
            </Link>
          </>
        )}
      </p>
      {shown.length === 0 && (
        <Empty title="No finding passes the filter">
          <p>There are {plural(findings.length, 'finding')} without it.</p>
        </Empty>
      )}
      <div className="findings">
        {shown.slice(0, limit).map((finding) => (
          <FindingCard key={finding.id} finding={finding} />
        ))}
      </div>
      <MoreRows
        shown={Math.min(limit, shown.length)}
        total={shown.length}
        onMore={() => setLimit(limit + cardsAtOnce)}
      />
    </>
  );
}

const states = [
  ['open', 'Open'],
  ['acknowledged', 'Acknowledged'],
  ['resolved', 'Resolved'],
  ['all', 'All'],
] as const;

interface FindingToolsProps {
  readonly findings: readonly FindingResource[];
  readonly filter: FindingFilter;
}

function FindingTools({ findings, filter }: FindingToolsProps) {
  const { place } = useSurroundings();
  const choose = (changes: Record<string, string>) => setQuery(place, changes, 'push');
  return (
    <div className="tools">
      <SearchField
        label="Search findings"
        value={filter.text}
        onChange={(q) => setQuery(place, { q })}
      />
      <SelectField
        label="State"
        value={place.query.get('state') ?? 'open'}
        options={states}
        onChange={(state) => choose({ state: state === 'open' ? '' : state })}
      />
      <SelectField
        label="Consumer"
        value={filter.consumer}
        options={choices(peersOf(findings, 'consumer'))}
        onChange={(consumer) => choose({ consumer })}
      />
      <SelectField
        label="Provider"
        value={filter.provider}
        options={choices(peersOf(findings, 'provider'))}
        onChange={(provider) => choose({ provider })}
      />
      <fieldset className="chips">
        <legend className="hidden">Kind</legend>
        {countKinds(findings).map(([kind, label, count]) => (
          <Toggle
            key={kind}
            pressed={filter.kind === kind}
            onToggle={() => choose({ kind: filter.kind === kind ? '' : kind })}
          >
            {label} <span className="count">{formatCount(count)}</span>
          </Toggle>
        ))}
      </fieldset>
    </div>
  );
}

function choices(names: readonly string[]): (readonly [string, string])[] {
  return [['', 'Any'], ...names.map((name) => [name, name] as const)];
}

function NoFindings() {
  const { place } = useSurroundings();
  const environment = place.query.get('env');
  const state = place.query.get('state') ?? 'open';
  const title = state === 'open' || state === 'all' ? 'No findings' : `No ${state} findings`;
  return (
    <Empty title={environment === null ? title : `${title} in ${environment}`}>
      {state === 'open' && (
        <p>
          Nothing that was seen disagrees with a contract. That is only as good as what was seen:
          the summary above says how many calls that was, and an integration's page says which
          promises had too little traffic to judge.
        </p>
      )}
    </Empty>
  );
}
