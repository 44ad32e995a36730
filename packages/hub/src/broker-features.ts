import { type BadgeDeps, badgesRoutes } from './badges/badges-routes.ts';
import { branchesRoutes } from './branches/branches-routes.ts';
import type { BrokerConfig, HubConfig } from './config.ts';
import { dashboardRoutes } from './dashboard/dashboard-routes.ts';
import type { Database } from './database/database.ts';
import { VersionRegistry } from './database/version-registry.ts';
import { deployedVersionsRoutes } from './deployments/deployed-versions-routes.ts';
import { DeploymentStore } from './deployments/deployment-store.ts';
import {
  deployedEnvironmentLinks,
  pacticipantEnvironmentLinks,
  versionEnvironmentLinks,
} from './deployments/environment-links.ts';
import type { PlacementDeps } from './deployments/placement-deps.ts';
import { placeNamed, recordDeployment } from './deployments/record-deployment.ts';
import { releasedVersionsRoutes } from './deployments/released-versions-routes.ts';
import { diffRoutes } from './diff/diff-routes.ts';
import { environmentResource, environmentSummary } from './environments/environment-resource.ts';
import { environmentsRoutes } from './environments/environments-routes.ts';
import type { Events } from './events.ts';
import type { Feature } from './feature.ts';
import { contentPending } from './for-verification/content-pending.ts';
import {
  type ForVerificationDeps,
  forVerificationRoutes,
} from './for-verification/for-verification-routes.ts';
import { docRoutes } from './index-page/doc-routes.ts';
import { indexRoutes } from './index-page/index-routes.ts';
import type { RecordDeployment } from './insights/deployments/record-running.ts';
import { integrationsRoutes } from './integrations/integrations-routes.ts';
import { openInteractions } from './interactions/interactions.ts';
import type { Log } from './log.ts';
import { acceptanceRoutes } from './matrix/acceptance-routes.ts';
import { answerQuestion } from './matrix/answer-question.ts';
import { type MatrixDeps, matrixRoutes } from './matrix/matrix-routes.ts';
import { labelsRoutes } from './pacticipants/labels-routes.ts';
import { type PacticipantDeps, pacticipantsRoutes } from './pacticipants/pacticipants-routes.ts';
import { contractsRoutes, type PublishingDeps } from './pacts/contracts-routes.ts';
import { pactListRoutes } from './pacts/pact-list-routes.ts';
import { decodePactMetadata } from './pacts/pact-metadata.ts';
import { pactRoutes } from './pacts/pact-routes.ts';
import { providerStatesRoutes } from './pacts/provider-states-routes.ts';
import { providerContractRoutes } from './provider-contracts/provider-contracts-routes.ts';
import { tagsRoutes } from './tags/tags-routes.ts';
import { transferRoutes } from './transfer/transfer-routes.ts';
import { failedInteractions } from './verifications/failed-interactions.ts';
import { keepResultDetails } from './verifications/keep-result-details.ts';
import { FIRST_RESULT_NUMBER, VerificationStore } from './verifications/verification-store.ts';
import { verificationsRoutes } from './verifications/verifications-routes.ts';
import { type VersionDeps, versionsRoutes } from './versions/versions-routes.ts';
import { openWebhooks, type Webhooks } from './webhooks/webhooks.ts';

interface BrokerParts {
  readonly db: Database;
  readonly config: HubConfig;
  readonly events: Events;
  readonly log: Log;
  readonly gate: MatrixDeps['gate'];
}

type Parts = BrokerParts & { readonly webhooks: Webhooks; readonly placement: PlacementDeps };

/** What makes a Pact Broker, and what other parts of the hub may have it do. */
export interface BrokerFeatures {
  /** In the order their paths are tried. */
  readonly features: readonly Feature[];
  readonly recordDeployment: RecordDeployment;
}

/** The part of the wiring that makes a Pact Broker. */
export function brokerFeatures(parts: BrokerParts): BrokerFeatures {
  const { db, events, log } = parts;
  const config = parts.config.webhooks;
  const webhooks = openWebhooks({ db, config, log, decodeMetadata: decodePactMetadata });
  const now = (): Date => new Date();
  const onPlaced = webhooks.triggerVersion;
  const placement = { db, events, now, environmentResource, onPlaced };
  const all = { ...parts, webhooks, placement };
  const registryFor = registries(parts.config.broker, webhooks);
  return {
    features: [
      // Before the latest pact by tag: `badge` is none.
      { routes: badgesRoutes({ db, canDeploy: canDeploy(db), config: parts.config.badges }) },
      ...decisionFeatures(all),
      ...contractFeatures(all),
      { routes: webhooks.routes, close: webhooks.close },
      transferFeature(parts),
    ],
    recordDeployment: async ({ createsVersion, ...names }) => {
      const place = placeNamed(names, createsVersion ? registryFor : undefined);
      await recordDeployment(place, '', placement);
    },
  };
}

/** Everything out, and in again. */
function transferFeature({ db, config, events }: BrokerParts): Feature {
  const { dataDir, databaseUrl } = config;
  const results = { firstResultNumber: FIRST_RESULT_NUMBER, keepDetails: keepResultDetails };
  const now = (): Date => new Date();
  const imported = () => events.emit({ kind: 'contractsImported', at: now() });
  return { routes: transferRoutes({ db, dataDir, databaseUrl, results, imported, now }) };
}

/** Pacts and those who take part in them: the Pact Broker's own resources. */
function contractFeatures(deps: Parts): readonly Feature[] {
  const { db, events, webhooks } = deps;
  const config = deps.config.broker;
  const registryFor = registries(config, webhooks);
  const publishing: PublishingDeps = {
    db,
    config,
    registryFor,
    everVerified: (tx, pair) => new VerificationStore(tx).everVerified(pair),
    webhooks: { trigger: webhooks.triggerPublished, wake: webhooks.wake },
    events,
    now: () => new Date(),
  };
  const registered = { db, registryFor, events, now: publishing.now };
  const pacticipants: PacticipantDeps = {
    ...registered,
    environmentLinks: async (id, baseUrl) =>
      pacticipantEnvironmentLinks(await new DeploymentStore(db).runningOf(id), baseUrl),
  };
  return [
    { routes: indexRoutes() },
    { routes: docRoutes() },
    { routes: contractsRoutes(publishing) },
    {
      routes: integrationsRoutes({
        db,
        deleted: () => events.emit({ kind: 'contractsDeleted', at: new Date() }),
      }),
    },
    { routes: pactListRoutes(publishing) },
    { routes: pactRoutes(publishing) },
    openInteractions(deps),
    { routes: diffRoutes(publishing) },
    { routes: dashboardRoutes({ db }) },
    { routes: providerStatesRoutes({ db }) },
    { routes: pacticipantsRoutes(pacticipants) },
    { routes: labelsRoutes(pacticipants) },
    {
      routes: versionsRoutes({
        ...registered,
        environmentLinks: versionLinks(db),
        deployedLinks: async (versionId, baseUrl) =>
          deployedEnvironmentLinks(await new DeploymentStore(db).deploymentsOf(versionId), baseUrl),
      }),
    },
    { routes: branchesRoutes(registered) },
    { routes: tagsRoutes(registered) },
    {
      routes: providerContractRoutes({
        db,
        registryFor,
        emit: (event) => events.emit(event),
        now: () => new Date(),
      }),
    },
  ];
}

/** What decides: results, what runs where, and the answers that rest on both. */
function decisionFeatures(deps: Parts): readonly Feature[] {
  const { db, events, webhooks, placement, gate } = deps;
  const now = (): Date => new Date();
  const verifying = { db, settlesWhatRuns: deps.config.broker.deployedPactsNeverPending };
  return [
    {
      routes: verificationsRoutes({
        db,
        registryFor: registries(deps.config.broker, webhooks),
        events,
        webhooks: { ...webhooks, trigger: webhooks.triggerVerified },
        now,
      }),
    },
    { routes: forVerificationRoutes(verifying) },
    {
      routes: matrixRoutes({
        db,
        ...{ environmentSummary, now, gate },
        keptBytes: deps.config.broker.keptAnswerBytes,
        ...explanations(verifying),
      }),
    },
    { routes: acceptanceRoutes({ db, gate, now }) },
    { routes: environmentsRoutes({ db, now }) },
    { routes: deployedVersionsRoutes(placement) },
    { routes: releasedVersionsRoutes(placement) },
  ];
}

/** What explains a verdict beside the matrix itself. */
function explanations(
  deps: ForVerificationDeps,
): Pick<MatrixDeps, 'failedInteractions' | 'isPending'> {
  return {
    failedInteractions: (verificationId) => failedInteractions(verificationId, deps.db),
    isPending: (run) => contentPending(run, deps),
  };
}

/** The question a badge asks, put to the matrix as `can-i-deploy` would. */
function canDeploy(db: Database): BadgeDeps['canDeploy'] {
  return async ({ pacticipant, from, to }) => {
    const destination = 'environment' in to ? to : { ...to, latest: true };
    const { verdict } = await answerQuestion(
      {
        selectors: [{ pacticipant, ...from, latest: true }],
        ignored: [],
        destination,
        latestBy: 'environment' in to ? 'cvpv' : 'cvp',
        limit: undefined,
        success: undefined,
      },
      db,
      { showsAllRows: true },
    );
    return verdict.deployable;
  };
}

/** A tag named like an environment records a deployment, as the broker does unless it is told not to; webhooks hear of both. */
function registries(config: BrokerConfig, webhooks: Webhooks): (tx: Database) => VersionRegistry {
  return (tx) =>
    new VersionRegistry(tx, {
      ...config,
      onTagged: async (within, tagged) => {
        await webhooks.triggerVersion(within, { ...tagged, event: 'version_tagged' });
        if (!config.createDeployedVersionsForTags) return;
        const { versionId, pacticipantId, at, tag: environment } = tagged;
        const time = at.toISOString();
        const isNew = await new DeploymentStore(within).recordForTag({ ...tagged, at: time });
        const placed = { versionId, pacticipantId, environment, at };
        if (isNew) await webhooks.triggerVersion(within, { ...placed, event: 'version_deployed' });
      },
    });
}

function versionLinks(db: Database): VersionDeps['environmentLinks'] {
  return async ({ pacticipant, version }, baseUrl) => {
    const store = new DeploymentStore(db);
    const places = {
      pacticipant,
      number: version.number,
      environments: await store.environments(),
      deployed: await store.deploymentsOf(version.id),
      released: await store.releasesOf(version.id),
    };
    return versionEnvironmentLinks(places, baseUrl);
  };
}
