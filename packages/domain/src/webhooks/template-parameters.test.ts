import { describe, expect, test } from 'vitest';
import {
  expandTemplate,
  templateParameters,
  versionEventParameters,
  type WebhookFacts,
} from './template-parameters.ts';

function facts(changes: Partial<WebhookFacts> = {}): WebhookFacts {
  return {
    event: 'contract_published',
    consumer: { name: 'web', labels: ['a', 'b'], version: '1', branch: 'main', tags: ['x', 'y'] },
    provider: { name: 'shop', labels: [], version: undefined, branch: undefined, tags: [] },
    providerVersionDescriptions: [],
    pactUrl: 'http://hub/pact',
    verification: undefined,
    buildUrl: undefined,
    currentlyDeployedProviderVersions: ['7', '8'],
    ...changes,
  };
}

describe('template parameters', () => {
  test.each([
    ['consumerName', 'web'],
    ['providerName', 'shop'],
    ['consumerVersionNumber', '1'],
    ['providerVersionNumber', ''],
    ['consumerVersionTags', 'x, y'],
    ['providerVersionTags', ''],
    ['consumerVersionBranch', 'main'],
    ['providerVersionBranch', ''],
    ['providerVersionDescriptions', ''],
    ['consumerLabels', 'a, b'],
    ['providerLabels', ''],
    ['pactUrl', 'http://hub/pact'],
    ['verificationResultUrl', ''],
    ['githubVerificationStatus', 'pending'],
    ['bitbucketVerificationStatus', 'INPROGRESS'],
    ['azureDevOpsVerificationStatus', 'pending'],
    ['gitlabVerificationStatus', 'pending'],
    ['eventName', 'contract_published'],
    ['buildUrl', ''],
    ['currentlyDeployedProviderVersionNumber', '7, 8'],
  ])('%s of a publication is "%s"', (name, value) => {
    expect(templateParameters(facts())[name]).toBe(value);
  });

  test.each([
    [true, 'githubVerificationStatus', 'success'],
    [true, 'bitbucketVerificationStatus', 'SUCCESSFUL'],
    [true, 'azureDevOpsVerificationStatus', 'succeeded'],
    [true, 'gitlabVerificationStatus', 'success'],
    [false, 'githubVerificationStatus', 'failure'],
    [false, 'bitbucketVerificationStatus', 'FAILED'],
    [false, 'azureDevOpsVerificationStatus', 'failed'],
    [false, 'gitlabVerificationStatus', 'failed'],
    [false, 'verificationResultUrl', 'http://hub/result'],
    [false, 'buildUrl', 'http://ci'],
    [false, 'providerVersionNumber', '9'],
    [false, 'consumerVersionNumber', ''],
    [false, 'consumerVersionBranch', ''],
    [false, 'providerVersionBranch', 'dev'],
  ])('success %s gives %s "%s"', (success, name, value) => {
    const parameters = templateParameters(
      facts({
        verification: { success, url: 'http://hub/result' },
        buildUrl: 'http://ci',
        consumer: { name: 'web', labels: [], version: undefined, branch: undefined, tags: [] },
        provider: { name: 'shop', labels: [], version: '9', branch: 'dev', tags: [] },
      }),
    );
    expect(parameters[name]).toBe(value);
  });
});

describe('template parameters of a version that was deployed, released or tagged', () => {
  const pacticipant = { name: 'shop', labels: ['a'], version: '7', branch: 'main', tags: ['x'] };
  const deployed = {
    event: 'version_deployed',
    environment: 'test',
    tag: '',
    buildUrl: 'http://ci',
  };

  test('say which, and where', () => {
    expect(versionEventParameters({ ...deployed, pacticipant })).toMatchObject({
      pacticipantName: 'shop',
      pacticipantLabels: 'a',
      pacticipantVersionNumber: '7',
      pacticipantVersionBranch: 'main',
      pacticipantVersionTags: 'x',
      environmentName: 'test',
      tagName: '',
      eventName: 'version_deployed',
      buildUrl: 'http://ci',
    });
  });

  test('have the names of all others, empty, as those have theirs', () => {
    const unknown = { ...pacticipant, version: undefined, branch: undefined };
    const ours = versionEventParameters({ ...deployed, buildUrl: undefined, pacticipant: unknown });
    const theirs = templateParameters(facts());
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    expect(ours).toMatchObject({ pactUrl: '', githubVerificationStatus: '', buildUrl: '' });
    expect(ours).toMatchObject({ pacticipantVersionNumber: '', pacticipantVersionBranch: '' });
    expect(theirs).toMatchObject({ environmentName: '', pacticipantName: '' });
  });
});

describe('a template', () => {
  const parameters = { consumerName: 'a "b"', none: '' };
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.
  test.each([
    ['x ${pactbroker.consumerName} y', 'x a "b" y'],
    ['${pactbroker.consumerName}${pactbroker.consumerName}', 'a "b"a "b"'],
    ['${pactbroker.none}', ''],
    ['${pactbroker.unknown}', '${pactbroker.unknown}'],
    ['${pactbroker.toString}', '${pactbroker.toString}'],
    ['${consumerName} $pactbroker', '${consumerName} $pactbroker'],
  ])('%s becomes %s', (template, text) => {
    expect(expandTemplate(template, parameters)).toBe(text);
  });

  test('values are fitted to their place', () => {
    expect(expandTemplate('/${pactbroker.consumerName}', parameters, encodeURIComponentLike)).toBe(
      '/a_"b"',
    );
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: end
});

function encodeURIComponentLike(value: string): string {
  return value.replaceAll(' ', '_');
}
