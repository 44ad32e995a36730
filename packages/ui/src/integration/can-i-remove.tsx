import type { Removal } from '@concordat/api';
import { useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { Disclosure } from '../parts/disclosure.tsx';
import { Mark } from '../parts/marks.tsx';
import { Await } from '../parts/states.tsx';
import { TraceLink } from '../parts/trace-link.tsx';
import { When } from '../parts/when.tsx';
import { plural } from '../words/format.ts';

interface CanIRemoveProps {
  readonly provider: string;
  readonly operation: string;
}

/** Who would notice if an operation went; asked when it is opened. */
export function CanIRemove(props: CanIRemoveProps) {
  return (
    <Disclosure summary="Can I remove it?">
      <Answer {...props} />
    </Disclosure>
  );
}

function Answer({ provider, operation }: CanIRemoveProps) {
  const { client } = useSurroundings();
  const removal = useResource(`remove ${JSON.stringify([provider, operation])}`, () =>
    client.canIRemove({ provider, operation }),
  );
  return (
    <Await resource={removal} what="the answer">
      {(value) => <RemovalAnswer removal={value} />}
    </Await>
  );
}

const answers = {
  yes: { state: 'kept', label: 'Yes' },
  no: { state: 'verification-failed', label: 'No' },
  'cannot-tell': { state: 'uncontracted', label: 'Cannot tell' },
} as const;

const mostCallers = 5;

export function RemovalAnswer({ removal }: { readonly removal: Removal }) {
  const { state, label } = answers[removal.answer];
  const { reasons, calledBy } = removal;
  return (
    <div className="removal">
      <Mark state={state}>{label}</Mark>
      <ul>
        {reasons.map(({ kind, sentence }) => (
          <li key={`${kind} ${sentence}`}>{sentence}</li>
        ))}
        {calledBy.slice(0, mostCallers).map((caller) => (
          <li key={`${caller.consumer} ${caller.version} ${caller.environment}`} className="soft">
            {[caller.consumer, caller.version, caller.environment].filter(Boolean).join(' ')}:{' '}
            {plural(caller.count, 'call')}, last <When at={caller.lastSeen} />{' '}
            <TraceLink traceId={caller.exemplarTraceId} of={`a call of ${caller.consumer}`} />
          </li>
        ))}
      </ul>
    </div>
  );
}
