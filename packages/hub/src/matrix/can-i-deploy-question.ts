import { HubError } from '../http/hub-error.ts';
import { type RackMap, textParameter } from '../http/rack-query.ts';
import { ignoredOf, type MatrixQuestion } from './read-question.ts';
import type { VersionStore } from './version-store.ts';

/** Reads the query of `/can-i-deploy`: one version, and either an environment or a tag to go to. */
export async function readCanIDeploy(
  query: RackMap,
  versions: VersionStore,
): Promise<MatrixQuestion> {
  const pacticipant = textParameter(query, 'pacticipant');
  const version = textParameter(query, 'version');
  const environment = textParameter(query, 'environment');
  const to = textParameter(query, 'to');
  await versions.learn({
    pacticipants: pacticipant === undefined ? [] : [pacticipant],
    environments: environment === undefined ? [] : [environment],
    numbers: version === undefined ? [] : [version],
  });
  const errors = Object.entries({
    pacticipant: await pacticipantDefects(pacticipant, versions),
    version: version === undefined ? ['is missing'] : [],
    environment: await environmentDefects(environment, versions),
    '': destinationDefects(environment, to),
  }).filter(([, messages]) => messages.length > 0);
  if (errors.length > 0) {
    throw new HubError('VALIDATION_FAILED', 'The question cannot be answered as it is.', {
      errors: Object.fromEntries(errors),
    });
  }
  return {
    selectors: [{ pacticipant, ...(version === undefined ? {} : { version }) }],
    ignored: ignoredOf(query),
    ...(environment === undefined
      ? { destination: { ...(to === undefined ? {} : { tag: to }), latest: true }, latestBy: 'cvp' }
      : { destination: { environment }, latestBy: 'cvpv' }),
    limit: undefined,
    success: undefined,
  };
}

async function pacticipantDefects(
  name: string | undefined,
  versions: VersionStore,
): Promise<readonly string[]> {
  if (name === undefined) return ['is missing'];
  const known = await versions.pacticipants([name]);
  return known.length > 0 ? [] : ['does not match an existing pacticipant'];
}

async function environmentDefects(
  name: string | undefined,
  versions: VersionStore,
): Promise<readonly string[]> {
  if (name === undefined) return [];
  const known = await versions.environmentNames([name]);
  return known.has(name) ? [] : [`with name '${name}' does not exist`];
}

function destinationDefects(
  environment: string | undefined,
  to: string | undefined,
): readonly string[] {
  if (environment !== undefined && to !== undefined) {
    return ["Cannot specify both a 'to' tag and an environment."];
  }
  return environment === undefined && to === undefined
    ? ["Must specify either an environment or a 'to' tag."]
    : [];
}
