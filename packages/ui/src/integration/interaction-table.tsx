import type { EdgeDetail } from '@concordat/api';
import { TransportMark, UsageMark, VerificationMark } from '../parts/marks.tsx';
import { TraceLink } from '../parts/trace-link.tsx';
import { When } from '../parts/when.tsx';
import { formatCount } from '../words/format.ts';
import { ReplayDetails } from './replay-details.tsx';

type Interaction = EdgeDetail['interactions'][number];

/** What was promised, interaction by interaction, and whether traffic used it. */
export function InteractionTable({
  interactions,
}: {
  readonly interactions: readonly Interaction[];
}) {
  return (
    <div className="table-frame">
      <table className="wide">
        <thead>
          <tr>
            <th scope="col">Interaction</th>
            <th scope="col">Operation</th>
            <th scope="col" className="number">
              Status
            </th>
            <th scope="col">Verification</th>
            <th scope="col">Usage</th>
            <th scope="col" className="number">
              Count
            </th>
            <th scope="col">Last seen</th>
            <th scope="col">Trace</th>
          </tr>
        </thead>
        <tbody>
          {interactions.map((interaction) => (
            <InteractionRow key={interactionKey(interaction)} interaction={interaction} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function InteractionRow({ interaction }: { readonly interaction: Interaction }) {
  const { exemplarTraceId, lastVerification } = interaction;
  return (
    <>
      <tr>
        <td className="interaction">
          {interaction.description}
          {interaction.providerStates.map((state) => (
            <span key={state} className="given">
              given {state}
            </span>
          ))}
          {interaction.indistinguishableFrom.length > 0 && (
            <span className="note">
              Spans cannot tell it from: {interaction.indistinguishableFrom.join('; ')}. Their count
              is shared.
            </span>
          )}
        </td>
        <td>
          <code className="operation">{interaction.operation}</code>
        </td>
        <td className="number">{interaction.status ?? <TransportMark transport="message" />}</td>
        <td>
          <VerificationMark result={interaction.verification} />
          {lastVerification !== null && lastVerification.traceId !== null && (
            <>
              {' '}
              <TraceLink traceId={lastVerification.traceId} of="the verification" />
            </>
          )}
        </td>
        <td>
          <UsageMark usage={interaction.usage} />
        </td>
        <td className="number">{formatCount(interaction.count)}</td>
        <td>
          <When at={interaction.lastSeen} />
        </td>
        <td>
          <TraceLink traceId={exemplarTraceId} of={interaction.description} />
        </td>
      </tr>
      {lastVerification?.result === 'failed' && (
        <tr className="more-row">
          <td colSpan={8}>
            <ReplayDetails verification={lastVerification} />
          </td>
        </tr>
      )}
    </>
  );
}

/** A pact may hold the same description for several provider states. */
export function interactionKey(interaction: Interaction): string {
  const { description, providerStates, operation, status, transport } = interaction;
  return JSON.stringify([description, providerStates, operation, status, transport]);
}
