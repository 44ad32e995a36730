import type { FindingResource } from '@concordat/api';
import { useState } from 'react';
import { hrefWith, setQuery, useSurroundings } from '../app/place.ts';
import { pollEvery, useResource } from '../data/use-resource.ts';
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

/** Every open disagreement of traffic and contract. */
export function FindingsView() {
  const { place, client } = useSurroundings();
  const environment = place.query.get('env') ?? '';
  const findings = useResource(
    `findings ${environment}`,
    () => client.findings(environment),
    pollEvery,
  );
  const json = `${place.hub}insights/findings${environment === '' ? '' : `?environment=${encodeURIComponent(environment)}`}`;
  return (
    <>
      <ViewHead title="Findings" json={json}>
        <p>Where traffic and contracts disagree.</p>
      </ViewHead>
      <Await resource={findings} what="the findings">
        {(value) =>
          value.length === 0 ? (
            <NoFindings environment={environment} />
          ) : (
            <FindingsPage findings={value} />
          )
        }
      </Await>
    </>
  );
}

/** Some findings, filtered as the address says. */
export function FindingsPage({ findings }: { readonly findings: readonly FindingResource[] }) {
  const { place } = useSurroundings();
  const [limit, setLimit] = useState(cardsAtOnce);
  const shown = filterFindings(findings, readFindingFilter(place.query));
  return (
    <>
      <FindingTools findings={findings} filter={readFindingFilter(place.query)} />
      <p className="showing" role="status">
        {shown.length === findings.length
          ? `Showing all ${plural(findings.length, 'finding')}, last seen first.`
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

function NoFindings({ environment }: { readonly environment: string }) {
  return (
    <Empty title={environment === '' ? 'No findings' : `No findings in ${environment}`}>
      <p>
        Nothing that was seen disagrees with a contract. That is only as good as what was seen: the
        summary above says how many calls that was, and an integration's page says which promises
        had too little traffic to judge.
      </p>
    </Empty>
  );
}
