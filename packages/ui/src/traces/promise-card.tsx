import type { EdgeDetail } from '@concordat/api';
import { InsightsError } from '@concordat/api';
import { hrefTo, useSurroundings } from '../app/place.ts';
import type { Resource } from '../data/resource.ts';
import { useResource } from '../data/use-resource.ts';
import { Glyph } from '../parts/glyph.tsx';
import { Link } from '../parts/link.tsx';
import { Arrow, Service, UsageMark, VerificationMark } from '../parts/marks.tsx';
import { fitPromise, type PromisedInteraction, type PromiseFit } from './promise-fit.ts';
import { exchangeWords, type TraceCall } from './trace-calls.ts';

/** The pair's contracts; a pair that the hub does not know has none. */
export function usePairPromises(pair: {
  readonly consumer: string;
  readonly provider: string;
}): Resource<readonly PromisedInteraction[]> {
  const { client } = useSurroundings();
  const { consumer, provider } = pair;
  return useResource(`promises ${JSON.stringify([consumer, provider])}`, () =>
    client.edge(consumer, provider).then(interactionsOf, noneIfUnknown),
  );
}

function interactionsOf(detail: EdgeDetail): readonly PromisedInteraction[] {
  return detail.interactions;
}

function noneIfUnknown(error: unknown): readonly PromisedInteraction[] {
  if (error instanceof InsightsError && error.status === 404) return [];
  throw error;
}

/** Which promise the call of a span used, and how that promise stands. */
export function PromiseCard({ call }: { readonly call: TraceCall }) {
  const { place } = useSurroundings();
  const promises = usePairPromises(call);
  const { consumer, provider, exchange } = call;
  return (
    <section className="promise" aria-label="Contract of this call">
      <h3 className="pair">
        <Service name={consumer} />
        <Arrow />
        <Service name={provider} />
      </h3>
      <p>
        <code className="operation">{exchangeWords(exchange)}</code>
      </p>
      {promises.kind === 'loading' && <p className="soft">Looking up the contract…</p>}
      {promises.kind === 'failed' && <p className="soft">{promises.problem.title}.</p>}
      {promises.kind === 'ready' && <Fit fit={fitPromise(exchange, promises.value)} call={call} />}
      <Link to={hrefTo(place, { view: 'integration', consumer, provider })} className="button">
        Open integration
      </Link>
    </section>
  );
}

function Fit({ fit, call }: { readonly fit: PromiseFit; readonly call: TraceCall }) {
  return (
    <>
      <PromiseMark fit={fit} />
      <p className="soft">{fitWords(fit, call)}</p>
      {'interactions' in fit && (
        <ul className="promise-list">
          {fit.interactions.slice(0, 4).map((interaction) => (
            <li key={JSON.stringify([interaction.description, interaction.providerStates])}>
              <b>{interaction.description}</b>
              {interaction.providerStates.map((state) => (
                <span key={state} className="given">
                  given {state}
                </span>
              ))}
              <span className="promise-marks">
                {interaction.status !== null && <span className="tag">{interaction.status}</span>}
                <VerificationMark result={interaction.verification} />
                <UsageMark usage={interaction.usage} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const fitMarks = {
  promised: { state: 'kept', label: 'promised' },
  'other-status': { state: 'drift', label: 'status not promised' },
  uncovered: { state: 'uncontracted', label: 'not promised' },
  'no-pact': { state: 'uncontracted', label: 'no pact' },
  unknown: { state: 'unused', label: 'cannot tell' },
} as const satisfies Record<PromiseFit['kind'], object>;

export function PromiseMark({ fit }: { readonly fit: PromiseFit }) {
  const { state, label } = fitMarks[fit.kind];
  return (
    <span className={`mark mark-${state}`}>
      <Glyph state={state} />
      {label}
    </span>
  );
}

/** What the fit means and, where something is to be done, what. */
export function fitWords(fit: PromiseFit, { consumer, provider }: TraceCall): string {
  switch (fit.kind) {
    case 'promised':
      return fit.interactions.length === 1
        ? 'By its route and status, the call used this promise:'
        : `Spans cannot tell apart ${fit.interactions.length} promises with this route and status:`;
    case 'other-status':
      return 'The operation is promised, this status is not. Promised are:';
    case 'uncovered':
      return `No pact of ${consumer} with ${provider} promises this operation. Add an interaction to the pact of ${consumer}.`;
    case 'no-pact':
      return `${consumer} has no pact with ${provider} in force.`;
    case 'unknown':
      return 'The spans carry neither method and path nor the name of an event.';
  }
}
