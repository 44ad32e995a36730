import type { EdgeDetail } from '@concordat/api';
import { hrefTo, useSurroundings } from '../app/place.ts';
import { pollLive, useResource } from '../data/use-resource.ts';
import { evidenceWords, FindingCard } from '../findings/finding-card.tsx';
import { NumberTile } from '../parts/fact-list.tsx';
import { Link } from '../parts/link.tsx';
import { Arrow, EdgePill, Service, TransportMark } from '../parts/marks.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { formatCount } from '../words/format.ts';
import { stateReason } from '../words/states.ts';
import { InteractionTable } from './interaction-table.tsx';
import { ObservedOperations } from './observed-operations.tsx';
import { PactTable } from './pact-table.tsx';
import { tilesOf } from './tiles.ts';
import { TriggerTable } from './trigger-table.tsx';

interface IntegrationViewProps {
  readonly consumer: string;
  readonly provider: string;
}

/** Whether one consumer and one provider agree, and why. */
export function IntegrationView({ consumer, provider }: IntegrationViewProps) {
  const { place, client } = useSurroundings();
  const detail = useResource(
    `integration ${JSON.stringify([consumer, provider])}`,
    () => client.edge(consumer, provider),
    pollLive,
  );
  const json = `${place.hub}insights/edges/${encodeURIComponent(consumer)}/${encodeURIComponent(provider)}`;
  return (
    <>
      <ViewHead
        json={json}
        title={
          <span className="pair">
            <Service name={consumer} />
            <Arrow />
            <Service name={provider} />
          </span>
        }
      >
        <p>
          <Link to={hrefTo(place, { view: 'map' }, { focus: consumer })}>
            {consumer} on the map
          </Link>
          {' · '}
          <Link to={hrefTo(place, { view: 'map' }, { focus: provider })}>
            {provider} on the map
          </Link>
          {place.query.has('env') && ' · This page counts every environment.'}
        </p>
      </ViewHead>
      <Await resource={detail} what="the integration">
        {(value) => <IntegrationPage detail={value} />}
      </Await>
    </>
  );
}

export function IntegrationPage({ detail }: { readonly detail: EdgeDetail }) {
  const { findings, interactions } = detail;
  return (
    <div className="sections">
      <Verdict detail={detail} />
      {findings.length > 0 && (
        <section aria-labelledby="findings-title">
          <h2 id="findings-title">
            Findings <span className="count">{formatCount(findings.length)}</span>
          </h2>
          <div className="findings">
            {findings.map((finding) => (
              <FindingCard key={finding.id} finding={finding} within />
            ))}
          </div>
        </section>
      )}
      <section aria-labelledby="interactions-title">
        <h2 id="interactions-title">
          Promised interactions <span className="count">{formatCount(interactions.length)}</span>
        </h2>
        <p className="soft">{evidenceWords(detail)}.</p>
        {interactions.length === 0 ? (
          <NoPact detail={detail} />
        ) : (
          <InteractionTable interactions={interactions} />
        )}
      </section>
      <section aria-labelledby="operations-title">
        <h2 id="operations-title">Observed operations</h2>
        <ObservedOperations detail={detail} />
      </section>
      {detail.triggeredBy.length > 0 && (
        <section aria-labelledby="triggers-title">
          <h2 id="triggers-title">Triggered by</h2>
          <TriggerTable detail={detail} />
        </section>
      )}
      <section aria-labelledby="pacts-title">
        <h2 id="pacts-title">
          Pacts in force <span className="count">{formatCount(detail.pacts.length)}</span>
        </h2>
        <PactTable detail={detail} />
      </section>
    </div>
  );
}

function Verdict({ detail }: { readonly detail: EdgeDetail }) {
  return (
    <section className="verdict" aria-label="State">
      {detail.edges.map((edge) => (
        <div key={edge.transport} className="verdict-state">
          <EdgePill edge={edge} />
          <TransportMark transport={edge.transport} />
          <p>{stateReason(edge)}</p>
        </div>
      ))}
      {detail.edges.length === 0 && <p>No pact in force and no traffic seen between the two.</p>}
      <div className="tiles">
        {tilesOf(detail).map((tile) => (
          <NumberTile key={tile.label} {...tile} />
        ))}
      </div>
    </section>
  );
}

function NoPact({ detail }: { readonly detail: EdgeDetail }) {
  return (
    <Empty title="No pact in force">
      <p>
        {detail.consumer} promised nothing about {detail.provider}. Write a pact test in{' '}
        {detail.consumer} for the operations below and publish it.
      </p>
    </Empty>
  );
}
