import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hashToken } from './auth/credentials.ts';
import { ConfigError, type HubFlags, readConfig } from './config.ts';

const CERTIFICATE = join(
  import.meta.dirname,
  '../../../test/cases/webhook-certificate/certificate.pem',
);

function defectsOf(env: Record<string, string>, flags: HubFlags = {}): readonly string[] {
  try {
    readConfig({ flags, env });
  } catch (error) {
    if (error instanceof ConfigError) return error.defects;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  test('has defaults for everything', () => {
    expect(readConfig({ flags: {}, env: {} })).toMatchObject({
      host: '0.0.0.0',
      port: 9292,
      otlpPort: 4318,
      otlpGrpcPort: 4317,
      jaegerPort: 14268,
      jaegerUdpPort: 6832,
      jaegerCompactUdpPort: undefined,
      databaseUrl: undefined,
      baseUrls: [],
      auth: { writeUser: undefined, tokens: [], publicRead: false },
      broker: { mainBranchCandidates: ['develop', 'main', 'master'], useFirstTagAsBranch: true },
      retentionHours: 72,
      logLevel: 'warn',
    });
  });

  test('flags win over our variables, those over the broker’s', () => {
    const env = { PACT_BROKER_PORT: '1', CONCORDAT_PORT: '2', PACT_BROKER_HOST: 'h' };
    expect(readConfig({ flags: { port: '3' }, env })).toMatchObject({ port: 3, host: 'h' });
    expect(readConfig({ flags: {}, env }).port).toBe(2);
  });

  test('a Jaeger beside the hub is read as one, with its query API where it is named', () => {
    expect(readConfig({ flags: {}, env: {} }).jaeger).toBeUndefined();
    const flags = { jaegerUrl: 'http://jaeger:4318' };
    const env = { CONCORDAT_JAEGER_TOKEN: 'secret', CONCORDAT_JAEGER_QUEUE_MEGABYTES: '2' };
    const queried = { ...flags, jaegerQueryUrl: 'https://jaeger:16686/jaeger' };
    expect(readConfig({ flags, env: {} }).jaeger).toEqual({
      url: 'http://jaeger:4318',
      queryUrl: undefined,
      token: undefined,
      maxQueueBytes: 67_108_864,
    });
    expect(readConfig({ flags: queried, env }).jaeger).toEqual({
      url: 'http://jaeger:4318',
      queryUrl: 'https://jaeger:16686/jaeger',
      token: 'secret',
      maxQueueBytes: 2_097_152,
    });
  });

  test('traces cannot be read from a Jaeger that gets none', () => {
    expect(defectsOf({ CONCORDAT_JAEGER_QUERY_URL: 'http://jaeger:16686' })).toEqual([
      'JAEGER_QUERY_URL is set and JAEGER_URL is not; traces that are read from Jaeger must be sent there first.',
    ]);
  });

  test('an empty value counts as not given', () => {
    expect(readConfig({ flags: { port: '' }, env: { CONCORDAT_PORT: '' } }).port).toBe(9292);
  });

  test('the policy of cleaning is read from a file, and the variables win over it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'concordat-config-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'policy.json');
    writeFileSync(file, '{"minimumAge": 2, "deletionLimit": 9, "staleBranches": null}');
    const env = {
      CONCORDAT_DATABASE_CLEAN_POLICY_FILE: file,
      PACT_BROKER_DATABASE_CLEAN_KEEP_VERSION_SELECTORS: '[{"max_age": 30}]',
      PACT_BROKER_DATABASE_CLEAN_DELETION_LIMIT: '500',
      PACT_BROKER_DATABASE_CLEAN_OVERWRITTEN_DATA_MAX_AGE: '3',
      CONCORDAT_AUDIT_RETENTION: '30d',
    };
    const config = readConfig({ flags: {}, env });
    expect(config.clean.policy).toEqual({
      keepVersionSelectors: [{ maxAge: 30 }],
      minimumAge: 2,
      staleBranches: null,
      overwrittenDataMaxAge: 3,
      deletionLimit: 500,
    });
    expect(config.clean.enabled).toBe(false);
    expect(config.audit).toEqual({ retentionHours: 720, trustedProxies: 0 });
  });

  test('a policy or schedule of cleaning that is wrong is told with all that is wrong', () => {
    const env = {
      CONCORDAT_DATABASE_CLEAN_CRON_SCHEDULE: 'nightly',
      CONCORDAT_DATABASE_CLEAN_KEEP_VERSION_SELECTORS: '[{}, {"colour": 1}]',
      CONCORDAT_DATABASE_CLEAN_POLICY_FILE: '/no/such/file',
    };
    expect(defectsOf(env)).toEqual([
      "DATABASE_CLEAN_CRON_SCHEDULE is 'nightly'; give five cron fields, such as '15 2 * * *'.",
      "DATABASE_CLEAN_POLICY_FILE '/no/such/file' cannot be read.",
      'DATABASE_CLEAN: keepVersionSelectors[0] says nothing and would keep everything.',
      expect.stringContaining('keepVersionSelectors[1].colour is not known'),
    ]);
    expect(defectsOf({ CONCORDAT_DATABASE_CLEAN_KEEP_VERSION_SELECTORS: '[' })).toEqual([
      expect.stringContaining('DATABASE_CLEAN_KEEP_VERSION_SELECTORS is no JSON'),
    ]);
  });

  test('listeners are switched off by name', () => {
    const env = { CONCORDAT_OTLP_PORT: 'off', CONCORDAT_JAEGER_UDP_PORT: 'off' };
    expect(readConfig({ flags: { jaegerPort: 'off', otlpGrpcPort: 'off' }, env })).toMatchObject({
      otlpPort: undefined,
      otlpGrpcPort: undefined,
      jaegerPort: undefined,
      jaegerUdpPort: undefined,
    });
  });

  test('a hub that asks for credentials takes no datagrams, which carry none, unless it is told to', () => {
    const env = { CONCORDAT_TOKENS: 'publish=one' };
    expect(readConfig({ flags: {}, env }).jaegerUdpPort).toBeUndefined();
    const told = { ...env, CONCORDAT_JAEGER_UDP_PORT: '6832' };
    expect(readConfig({ flags: {}, env: told }).jaegerUdpPort).toBe(6832);
  });

  test('bounds of taking spans are megabytes, and one body is at most half of all', () => {
    const mebibyte = 1_048_576;
    const defaults = { bodyBytes: 64, bodiesBytes: 256, queueBytes: 64 };
    const read = (env: Record<string, string>) => readConfig({ flags: {}, env }).ingestBounds;
    const inBytes = (bounds: typeof defaults) =>
      Object.fromEntries(Object.entries(bounds).map(([name, size]) => [name, size * mebibyte]));
    expect(read({})).toEqual(inBytes(defaults));
    expect(read({ CONCORDAT_INGEST_BODIES_MEGABYTES: '20' })).toEqual(
      inBytes({ ...defaults, bodiesBytes: 20, bodyBytes: 10 }),
    );
    const tooMuch = { CONCORDAT_INGEST_BODY_MEGABYTES: '200' };
    expect(defectsOf(tooMuch)).toEqual([expect.stringContaining('at least twice as much')]);
    expect(defectsOf({ CONCORDAT_INGEST_QUEUE_MEGABYTES: '0' })).toHaveLength(1);
  });

  test('the port of the compact protocol is opened by its number', () => {
    const env = { CONCORDAT_JAEGER_COMPACT_UDP_PORT: '6831' };
    expect(readConfig({ flags: {}, env }).jaegerCompactUdpPort).toBe(6831);
  });

  test('values are read in all their forms', () => {
    const env = {
      PACT_BROKER_BASE_URL: 'https://a.example/ http://b.example',
      PACT_BROKER_AUTO_DETECT_MAIN_BRANCH: 'false',
      PACT_BROKER_ALLOW_PUBLIC_READ: 'YES',
      CONCORDAT_RETENTION: '7d',
      CONCORDAT_LOG_LEVEL: 'DEBUG',
      CONCORDAT_EVIDENCE_MINIMUM_CALLS: '5',
      PACT_BROKER_DATABASE_URL: 'postgres://u@h/d',
      PACT_BROKER_BASIC_AUTH_USERNAME: 'u',
      PACT_BROKER_BASIC_AUTH_PASSWORD: 'p',
    };
    expect(readConfig({ flags: {}, env })).toMatchObject({
      baseUrls: ['https://a.example', 'http://b.example'],
      broker: { mainBranchCandidates: [] },
      auth: { publicRead: true, writeUser: { username: 'u', password: 'p' } },
      retentionHours: 168,
      logLevel: 'debug',
      evidence: { minimumCalls: 5 },
      databaseUrl: 'postgres://u@h/d',
    });
  });

  test('every wrong value is reported at once', () => {
    const env = {
      CONCORDAT_PORT: '70000',
      CONCORDAT_DATABASE_URL: 'mysql://x',
      CONCORDAT_JAEGER_URL: 'jaeger',
      CONCORDAT_BASE_URLS: 'ftp://x nonsense',
      CONCORDAT_RETENTION: 'long',
      CONCORDAT_LOG_LEVEL: 'loud',
      CONCORDAT_PAIRING_WINDOW_SECONDS: '-1',
      CONCORDAT_ALLOW_PUBLIC_READ: 'maybe',
      CONCORDAT_BASIC_AUTH_USERNAME: 'u',
      CONCORDAT_BASIC_AUTH_READ_ONLY_PASSWORD: 'p',
      CONCORDAT_TOKENS: 'read=a secret admin=sha256:zz',
      CONCORDAT_TOKENS_FILE: '/does/not/exist',
    };
    const defects = defectsOf(env);
    expect(defects).toHaveLength(14);
    expect(defects.join('\n')).not.toContain('secret');
    expect(defects).toContain("PORT is '70000'; give a port from 0 to 65535, 0 for a free one.");
    expect(defects).toContain(
      'BASIC_AUTH_PASSWORD is missing; a user needs a name and a password.',
    );
  });

  test('webhooks have the broker’s defaults', () => {
    expect(readConfig({ flags: {}, env: {} }).webhooks).toEqual({
      methods: ['POST'],
      schemes: ['https'],
      hosts: [],
      retrySchedule: [10, 60, 120, 300, 600, 1200],
      successCodes: [200, 201, 202, 203, 204, 205, 206],
      timeoutSeconds: 15,
      certificates: [],
      verifiesCertificates: true,
      redactsLogs: true,
      userAgent: 'Pact Broker v2.120.0',
      keepDays: 30,
      keepCount: 100_000,
    });
  });

  test('lists for webhooks have spaces between', () => {
    const env = {
      PACT_BROKER_WEBHOOK_HTTP_METHOD_WHITELIST: 'post put',
      PACT_BROKER_WEBHOOK_SCHEME_WHITELIST: 'HTTP https',
      PACT_BROKER_WEBHOOK_HOST_WHITELIST: '*.example 10.0.0.0/8',
      PACT_BROKER_WEBHOOK_RETRY_SCHEDULE: '1 2',
      PACT_BROKER_WEBHOOK_HTTP_CODE_SUCCESS: '200',
    };
    expect(readConfig({ flags: {}, env }).webhooks).toMatchObject({
      methods: ['POST', 'PUT'],
      schemes: ['http', 'https'],
      hosts: ['*.example', '10.0.0.0/8'],
      retrySchedule: [1, 2],
      successCodes: [200],
    });
  });

  test('lists for webhooks that cannot be understood are defects', () => {
    const env = {
      PACT_BROKER_WEBHOOK_HOST_WHITELIST: '/[/ 10.0.0.0/99 ok.example',
      PACT_BROKER_WEBHOOK_RETRY_SCHEDULE: '1 soon',
    };
    expect(defectsOf(env)).toEqual([
      "WEBHOOK_HOST_WHITELIST has '/[/', no name, pattern or range.",
      "WEBHOOK_HOST_WHITELIST has '10.0.0.0/99', no name, pattern or range.",
      "WEBHOOK_RETRY_SCHEDULE is '1 soon'; give whole numbers with spaces between.",
    ]);
  });

  test('certificates are numbered, and given by their text or by their file', () => {
    const text = readFileSync(CERTIFICATE, 'utf8');
    const name = 'PACT_BROKER_WEBHOOK_CERTIFICATES';
    const env = {
      [`${name}__0__DESCRIPTION`]: 'CI',
      [`${name}__0__CONTENT`]: text.replaceAll('\n', '\\n'),
      [`${name}__1__PATH`]: CERTIFICATE,
      [`${name}__3__CONTENT`]: 'behind a gap, so that nobody reads it',
    };
    expect(readConfig({ flags: {}, env }).webhooks.certificates).toEqual([text, text]);
  });

  test('what is no certificate, and seconds beyond reason, are defects', () => {
    const env = {
      CONCORDAT_WEBHOOK_CERTIFICATES__0__CONTENT: 'nonsense',
      CONCORDAT_WEBHOOK_CERTIFICATES__1__PATH: '/does/not/exist',
      CONCORDAT_WEBHOOK_CERTIFICATES__2__PATH: import.meta.filename,
      CONCORDAT_WEBHOOK_TIMEOUT_SECONDS: '0',
    };
    expect([...defectsOf(env)].sort()).toEqual([
      'WEBHOOK_CERTIFICATES__0__CONTENT is no certificate in PEM form.',
      "WEBHOOK_CERTIFICATES__1__PATH '/does/not/exist' cannot be read.",
      'WEBHOOK_CERTIFICATES__2__PATH is no certificate in PEM form.',
      "WEBHOOK_TIMEOUT_SECONDS is '0'; give whole seconds from 1 to 600.",
    ]);
  });

  test('a wrong optional port is a defect, not the default', () => {
    expect(defectsOf({}, { otlpPort: 'x' })).toHaveLength(1);
  });

  test('tokens come from the variable and from a file, kept as hashes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'concordat-tokens-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'tokens');
    const hex = Buffer.from(hashToken('two')).toString('hex');
    writeFileSync(path, `# for the build\npublish=sha256:${hex}\n`);
    const env = { CONCORDAT_TOKENS: 'read=one,admin=three', CONCORDAT_TOKENS_FILE: path };
    expect(readConfig({ flags: {}, env }).auth.tokens).toEqual([
      { role: 'read', hash: hashToken('one') },
      { role: 'admin', hash: hashToken('three') },
      { role: 'publish', hash: hashToken('two') },
    ]);
  });
});
