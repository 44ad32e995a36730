import type { FindingResource } from '@concordat/api';
import { kindWords } from './finding-kind-words.ts';

/** The file of the repository that a finding is about, relative to its root; undefined where there is none. */
export type FileOf = (finding: FindingResource) => string | undefined;

const kinds = Object.entries(kindWords).map(([id, words]) => ({ id, ...words }));

/** SARIF 2.1.0, for code scanning; who lets a finding be suppresses its result. */
export function sarifOf(findings: readonly FindingResource[], fileOf: FileOf): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Concordat', rules: kinds.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, fileOf(finding))),
      },
    ],
  };
}

function ruleOf({ id, name, level, means, helps }: (typeof kinds)[number]): object {
  return {
    id,
    name,
    shortDescription: { text: means },
    fullDescription: { text: `${means} ${helps}` },
    help: { text: `${means} ${helps}`, markdown: `${means}\n\n**What helps:** ${helps}` },
    defaultConfiguration: { level },
  };
}

function resultOf(finding: FindingResource, file: string | undefined): object {
  const { id, kind, sentence, count, acknowledgement, exemplarTraceId } = finding;
  return {
    ruleId: kind,
    ruleIndex: kinds.findIndex((rule) => rule.id === kind),
    level: kindWords[kind].level,
    message: { text: sentence },
    locations: [locationOf(finding, file)],
    partialFingerprints: { 'concordatFinding/v1': id },
    ...(count >= 1 && { occurrenceCount: Math.round(count) }),
    ...(acknowledgement !== null && {
      suppressions: [
        { kind: 'external', status: 'accepted', justification: acknowledgement.reason },
      ],
    }),
    properties: {
      environment: finding.environment,
      firstSeen: finding.firstSeen,
      lastSeen: finding.lastSeen,
      traceId: exemplarTraceId,
    },
  };
}

function locationOf(finding: FindingResource, file: string | undefined): object {
  const { consumer, provider, operation } = finding;
  const names = [consumer, provider, operation].filter((name) => name !== null);
  return {
    ...(file !== undefined && {
      physicalLocation: {
        artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
        region: { startLine: 1 },
      },
    }),
    logicalLocations: [
      {
        name: operation ?? provider,
        fullyQualifiedName: names.join('/'),
        kind: operation === null ? 'module' : 'function',
      },
    ],
  };
}
