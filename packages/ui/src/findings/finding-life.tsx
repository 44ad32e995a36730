import type { FindingEventResource, FindingResource } from '@concordat/api';
import { useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { Disclosure } from '../parts/disclosure.tsx';
import { Await } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { formatInstant } from '../words/format.ts';

const resolutions = {
  agrees: 'contracts and records agree with it by now',
  'no-longer-seen': 'traffic went on without it',
} as const;

/** Since when it is what it is, and why. */
export function FindingState({ finding }: { readonly finding: FindingResource }) {
  const { openedAt, resolvedAt, resolution, acknowledgement } = finding;
  if (finding.state === 'resolved') {
    return (
      <p>
        <strong>Resolved</strong> <When at={resolvedAt} />
        {resolution !== null && `: ${resolutions[resolution]}`}
      </p>
    );
  }
  if (finding.state === 'acknowledged' && acknowledgement !== null) {
    const { by, at, until, reason } = acknowledgement;
    return (
      <p>
        <strong>Acknowledged</strong> by {by} <When at={at} />,{' '}
        {until === null ? 'for ever' : `until ${formatInstant(until)}`}: {reason}
      </p>
    );
  }
  return (
    <p>
      Open since <When at={openedAt} />
    </p>
  );
}

const turns: Readonly<Record<FindingEventResource['kind'], string>> = {
  opened: 'opened',
  're-seen': 'seen again',
  resolved: 'resolved',
  reopened: 'reopened',
  acknowledged: 'acknowledged',
  unacknowledged: 'acknowledgement taken back',
  'acknowledgement-expired': 'acknowledgement ran out',
};

/** Every turn it took, asked for when it is opened. */
export function FindingHistory({ finding }: { readonly finding: FindingResource }) {
  return (
    <Disclosure summary="History">
      <Turns finding={finding} />
    </Disclosure>
  );
}

function Turns({ finding: { id, state, lastSeen } }: { readonly finding: FindingResource }) {
  const { client } = useSurroundings();
  const detail = useResource(`finding ${id} ${state} ${lastSeen}`, () => client.finding(id));
  return (
    <Await resource={detail} what="its history">
      {({ history }) => (
        <ul className="turns">
          {history.map((turn) => (
            <li key={turn.id}>
              {formatInstant(turn.at)} {turns[turn.kind]}
              {turn.by !== null && ` by ${turn.by}`}
              {turn.note !== null && `: ${turn.note}`}
            </li>
          ))}
        </ul>
      )}
    </Await>
  );
}
