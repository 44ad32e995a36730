import type { DeploymentResource, RunningVersionResource } from '@concordat/api';
import { Fragment } from 'react';
import { Mark, Service } from '../parts/marks.tsx';
import { TraceLink } from '../parts/trace-link.tsx';
import { When } from '../parts/when.tsx';
import { formatCount, formatShare } from '../words/format.ts';

/** Every version of every pacticipant of an environment, with a line more where several answer at once. */
export function DeploymentTable({
  deployments,
}: {
  readonly deployments: readonly DeploymentResource[];
}) {
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Pacticipant</th>
            <th scope="col">Version</th>
            <th scope="col">State</th>
            <th scope="col">Recorded</th>
            <th scope="col">First seen</th>
            <th scope="col">Last seen</th>
            <th scope="col" className="number">
              Calls
            </th>
            <th scope="col">Contracts</th>
            <th scope="col">Trace</th>
          </tr>
        </thead>
        <tbody>
          {deployments.map((deployment) => (
            <Fragment key={deployment.pacticipant}>
              {deployment.versions.map((version) => (
                <VersionRow
                  key={version.version}
                  pacticipant={deployment.pacticipant}
                  version={version}
                />
              ))}
              {deployment.mixed !== null && (
                <tr>
                  <td colSpan={9}>
                    <MixedNote pacticipant={deployment.pacticipant} mixed={deployment.mixed} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface VersionRowProps {
  readonly pacticipant: string;
  readonly version: RunningVersionResource;
}

function VersionRow({ pacticipant, version: shown }: VersionRowProps) {
  const { version, recorded, exists, hasContracts } = shown;
  const { state, label, meaning } = stateWords[shown.state];
  return (
    <tr>
      <td>
        <Service name={pacticipant} />
      </td>
      <td>
        {version}
        {sentWords(pacticipant, shown).map((words) => (
          <span key={words} className="given">
            {words}
          </span>
        ))}
      </td>
      <td>
        <Mark state={state} title={meaning}>
          {label}
        </Mark>
      </td>
      <td>
        {recorded.length === 0
          ? '–'
          : recorded.map(({ how, since, applicationInstance }) => (
              <div key={`${how} ${applicationInstance}`}>
                {how} {applicationInstance !== null && `as ${applicationInstance} `}
                <When at={since} />
              </div>
            ))}
      </td>
      <td>
        <When at={shown.firstSeen} />
      </td>
      <td>
        <When at={shown.lastSeen} />
      </td>
      <td className="number">{formatCount(shown.calls)}</td>
      <td>{hasContracts ? 'yes' : exists ? 'none' : 'version unknown'}</td>
      <td>
        <TraceLink traceId={shown.exemplarTraceId} of={`${pacticipant} ${version}`} />
      </td>
    </tr>
  );
}

function MixedNote({
  pacticipant,
  mixed,
}: {
  readonly pacticipant: string;
  readonly mixed: NonNullable<DeploymentResource['mixed']>;
}) {
  const shares = mixed.versions.map(({ version, share }) =>
    share === null ? version : `${version} ${formatShare(share, 1)}`,
  );
  return (
    <span className={mixed.isLasting ? 'note' : 'soft'}>
      {pacticipant}: several versions answer, {shares.join(', ')}, since <When at={mixed.since} />
      {mixed.isLasting ? ', longer than a rollout takes' : ' (a rollout)'}
    </span>
  );
}

/** How spans name the version, where that is not its own number, and how it was recognised. */
function sentWords(
  pacticipant: string,
  { version, sentAs, recognisedBy, candidates }: RunningVersionResource,
): readonly string[] {
  const known = ['none', 'exact', 'ambiguous', null].includes(recognisedBy)
    ? ''
    : `, recognised by ${recognisedBy}`;
  return [
    ...sentAs
      .filter((sent) => sent.version !== version || sent.service !== pacticipant)
      .map((sent) => `sent as ${sent.service} ${sent.version}${known}`),
    ...(candidates.length > 0 ? [`may be ${candidates.join(', ')}`] : []),
  ];
}

const stateWords = {
  running: { state: 'kept', label: 'running', meaning: 'Recorded and seen' },
  unrecorded: { state: 'drift', label: 'unrecorded', meaning: 'Seen, but never recorded' },
  replaced: {
    state: 'drift',
    label: 'replaced, still runs',
    meaning: 'Seen after another version took its place',
  },
  silent: {
    state: 'unused',
    label: 'silent',
    meaning: 'Recorded, and not seen although others of the service are',
  },
  'no-evidence': {
    state: 'unverified',
    label: 'no evidence',
    meaning: 'Recorded; nothing says that it should have been seen',
  },
} as const;
