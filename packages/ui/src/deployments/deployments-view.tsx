import type { DeploymentResource } from '@concordat/api';
import { useState } from 'react';
import { useSurroundings } from '../app/place.ts';
import { pollLive, useResource } from '../data/use-resource.ts';
import { Await, Empty } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { AliasSuggestions } from './alias-suggestions.tsx';
import { DeploymentTable } from './deployment-table.tsx';
import { RecordDialog } from './record-dialog.tsx';

/** What runs against what was recorded, environment by environment. */
export function DeploymentsView() {
  const { place, client } = useSurroundings();
  const environment = place.query.get('env') ?? '';
  const deployments = useResource(
    `deployments ${environment}`,
    () => client.deployments(environment),
    pollLive,
  );
  const query = environment === '' ? '' : `?environment=${encodeURIComponent(environment)}`;
  return (
    <>
      <ViewHead title="Deployments" json={`${place.hub}insights/deployments${query}`}>
        <p>Which versions run, and which were recorded.</p>
      </ViewHead>
      <AliasSuggestions />
      <Await resource={deployments} what="the deployments">
        {(value) => <DeploymentsPage deployments={value} />}
      </Await>
    </>
  );
}

export function DeploymentsPage({
  deployments,
}: {
  readonly deployments: readonly DeploymentResource[];
}) {
  const environments = [...new Set(deployments.map(({ environment }) => environment))];
  if (environments.length === 0) {
    return (
      <Empty title="Nothing recorded, nothing seen">
        <p>
          Record deployments with <code>pact-broker record-deployment</code>, or have services send
          spans with <code>service.version</code> and <code>deployment.environment.name</code>.
        </p>
      </Empty>
    );
  }
  return (
    <div className="sections">
      {environments.map((environment) => (
        <EnvironmentSection
          key={environment}
          environment={environment}
          deployments={deployments.filter((one) => one.environment === environment)}
        />
      ))}
    </div>
  );
}

interface EnvironmentSectionProps {
  readonly environment: string;
  readonly deployments: readonly DeploymentResource[];
}

function EnvironmentSection({ environment, deployments }: EnvironmentSectionProps) {
  const [isRecording, setRecording] = useState(false);
  const isKnown = deployments.some(({ environmentExists }) => environmentExists);
  return (
    <section aria-label={environment}>
      <div className="section-head">
        <h2>{environment}</h2>
        {isKnown ? (
          <button type="button" className="button" onClick={() => setRecording(true)}>
            Record what runs…
          </button>
        ) : (
          <span className="soft">
            The broker has no environment of this name: create it to record what runs.
          </span>
        )}
      </div>
      <DeploymentTable deployments={deployments} />
      {isRecording && (
        <RecordDialog environment={environment} onClose={() => setRecording(false)} />
      )}
    </section>
  );
}
