import type { AuditConfig } from './audit/audit-config.ts';
import type { AccessToken, BasicUser } from './auth/credentials.ts';
import { isOpen } from './auth/guard.ts';
import type { BadgeConfig } from './badges/badge-config.ts';
import type { CleanConfig } from './clean/clean-config.ts';
import { readCleanConfig } from './clean/read-clean-config.ts';
import type { LogLevel } from './log.ts';
import { Settings } from './settings.ts';
import type { JaegerConfig } from './traces/jaeger-config.ts';
import { isHostEntry } from './webhooks/allowed-hosts.ts';
import type { WebhookConfig } from './webhooks/webhook-config.ts';

/** Everything the hub can be told; read once by `readConfig`, or written out by a test. */
export interface HubConfig {
  readonly host: string;
  /** 0 picks a free port, for this and those below; undefined switches their listeners off. */
  readonly port: number;
  /** OTLP over HTTP. */
  readonly otlpPort: number | undefined;
  /** OTLP over gRPC. */
  readonly otlpGrpcPort: number | undefined;
  /** Jaeger Thrift over HTTP. */
  readonly jaegerPort: number | undefined;
  /** Jaeger Thrift over UDP, binary protocol; datagrams carry no credentials. */
  readonly jaegerUdpPort: number | undefined;
  /** The same for clients that know the compact protocol only; both ports understand both. */
  readonly jaegerCompactUdpPort: number | undefined;
  readonly dataDir: string;
  /** PostgreSQL for contracts and insights; undefined means SQLite in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** A real Jaeger that gets every span too. */
  readonly jaeger: JaegerConfig | undefined;
  /** Base URLs that links start with; empty means the request's own. */
  readonly baseUrls: readonly string[];
  readonly auth: AuthConfig;
  readonly broker: BrokerConfig;
  readonly badges: BadgeConfig;
  readonly webhooks: WebhookConfig;
  readonly clean: CleanConfig;
  readonly audit: AuditConfig;
  /** How long spans are kept. */
  readonly retentionHours: number;
  /** Bytes of spans on the disk beyond which the oldest go. */
  readonly retentionBytes: number;
  /** Below these a promise is `no-evidence`, never `not-seen`. */
  readonly evidence: { readonly minimumCalls: number; readonly minimumWindowSeconds: number };
  /** How long half a call waits for its other half. */
  /** So long a finding must not be seen before enough other traffic resolves it. */
  readonly findingQuietHours: number;
  readonly pairingWindowSeconds: number;
  /** Environments in which only tests run: what they do is no observed traffic. */
  readonly testEnvironments: readonly string[];
  /** Gateways that are seen through: what goes by them is also told as the call that was meant. */
  readonly transparentServices: readonly string[];
  /** Whether spans are decoded, paired and written on a thread of their own, beside the one that answers requests. */
  readonly ingestThread: boolean;
  readonly ingestBounds: IngestBounds;
  /** Origins whose pages may send spans by OTLP; `*` for all. */
  readonly otlpCorsOrigins: readonly string[];
  readonly logLevel: LogLevel;
}

/** Bytes that taking spans may hold at once; what comes beyond is told to try again. */
export interface IngestBounds {
  /** One body, as sent and after inflating. */
  readonly bodyBytes: number;
  /** All bodies from their first byte to their answer. */
  readonly bodiesBytes: number;
  /** What was taken and waits to be paired or written. */
  readonly queueBytes: number;
}

/** No users and no tokens: everything is open. */
export interface AuthConfig {
  readonly writeUser: BasicUser | undefined;
  readonly readUser: BasicUser | undefined;
  readonly tokens: readonly AccessToken[];
  readonly publicRead: boolean;
  readonly publicBadges: boolean;
  readonly publicHeartbeat: boolean;
}

/** The Pact Broker's own switches, with its defaults. */
export interface BrokerConfig {
  readonly allowDangerousContractModification: boolean;
  readonly checkForPotentialDuplicatePacticipantNames: boolean;
  readonly mainBranchCandidates: readonly string[];
  readonly useFirstTagAsBranch: boolean;
  /** How old a version may be for its first tag to become its branch. */
  readonly firstTagSeconds: number;
  readonly createDeployedVersionsForTags: boolean;
  /** Whether a pact that is deployed or released somewhere is never pending; the Pact Broker does not know this one. */
  readonly deployedPactsNeverPending: boolean;
  /** Memory for answers of can-i-deploy and the matrix that are kept until a contract changes. */
  readonly keptAnswerBytes: number;
  /** Whether names of pacticipants in URLs are found only as they are written. */
  readonly useCaseSensitiveResourceNames: boolean;
  /** Whether content is the same when its interactions are; otherwise all of the document counts. */
  readonly identifiesByPromises: boolean;
  /** Gives an empty database the environments `test` and `production`. */
  readonly seedExampleData: boolean;
}

/** What the command line may say; each wins over the environment. */
export interface HubFlags {
  readonly port?: string;
  readonly host?: string;
  readonly dataDir?: string;
  readonly databaseUrl?: string;
  readonly otlpPort?: string;
  readonly otlpGrpcPort?: string;
  readonly jaegerPort?: string;
  readonly jaegerUdpPort?: string;
  readonly jaegerUrl?: string;
  readonly jaegerQueryUrl?: string;
  readonly retention?: string;
}

/** All that is wrong with the configuration, one sentence each. */
export class ConfigError extends Error {
  readonly defects: readonly string[];

  constructor(defects: readonly string[]) {
    super(`The configuration is wrong:\n${defects.map((defect) => `  - ${defect}`).join('\n')}`);
    this.name = 'ConfigError';
    this.defects = defects;
  }
}

/** Flags win over `CONCORDAT_*`, those over `PACT_BROKER_*`, those over the defaults; an empty value counts as not given. */
export function readConfig(input: {
  readonly flags: HubFlags;
  readonly env: NodeJS.ProcessEnv;
}): HubConfig {
  const settings = new Settings(input);
  const auth = readAuth(settings);
  const config: HubConfig = {
    host: settings.text('host', 'HOST') ?? '0.0.0.0',
    port: settings.port('port', 'PORT') ?? 9292,
    otlpPort: settings.optionalPort('otlpPort', 'OTLP_PORT', 4318),
    otlpGrpcPort: settings.optionalPort('otlpGrpcPort', 'OTLP_GRPC_PORT', 4317),
    jaegerPort: settings.optionalPort('jaegerPort', 'JAEGER_PORT', 14268),
    // Datagrams carry no credentials: a hub that asks for some takes none unless it is told to.
    jaegerUdpPort: settings.optionalPort(
      'jaegerUdpPort',
      'JAEGER_UDP_PORT',
      isOpen(auth) ? 6832 : undefined,
    ),
    jaegerCompactUdpPort: settings.optionalPort(undefined, 'JAEGER_COMPACT_UDP_PORT', undefined),
    dataDir: settings.text('dataDir', 'DATA_DIR') ?? '.concordat',
    databaseUrl: settings.url('databaseUrl', 'DATABASE_URL', ['postgres:', 'postgresql:']),
    jaeger: readJaeger(settings),
    baseUrls: settings.baseUrls(),
    auth,
    broker: readBroker(settings),
    badges: readBadges(settings),
    webhooks: readWebhooks(settings),
    clean: readCleanConfig(settings),
    audit: {
      retentionHours: settings.hours(undefined, 'AUDIT_RETENTION') ?? 365 * 24,
      trustedProxies: settings.whole('TRUSTED_PROXIES') ?? 0,
    },
    retentionHours: settings.hours('retention', 'RETENTION') ?? 72,
    retentionBytes: (settings.whole('RETENTION_MEGABYTES') ?? 10_240) * 1_048_576,
    evidence: readEvidence(settings),
    findingQuietHours: settings.whole('FINDING_QUIET_HOURS') ?? 24,
    pairingWindowSeconds: settings.whole('PAIRING_WINDOW_SECONDS') ?? 20,
    testEnvironments: settings.words('TEST_ENVIRONMENTS', ['test']),
    transparentServices: settings.words('TRANSPARENT_SERVICES'),
    ingestThread: settings.flag('INGEST_THREAD', true),
    ingestBounds: readIngestBounds(settings),
    otlpCorsOrigins: settings.words('OTLP_CORS_ORIGINS'),
    logLevel: settings.oneOf('LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent']) ?? 'warn',
  };
  if (settings.defects.length > 0) throw new ConfigError(settings.defects);
  return config;
}

function readEvidence(settings: Settings): HubConfig['evidence'] {
  return {
    minimumCalls: settings.whole('EVIDENCE_MINIMUM_CALLS') ?? 20,
    minimumWindowSeconds: settings.whole('EVIDENCE_MINIMUM_WINDOW_SECONDS') ?? 3600,
  };
}

function readIngestBounds(settings: Settings): IngestBounds {
  const bodies = settings.whole('INGEST_BODIES_MEGABYTES') ?? 256;
  // A body is there twice while it is inflated.
  const body = settings.whole('INGEST_BODY_MEGABYTES') ?? Math.min(64, Math.floor(bodies / 2));
  const queue = settings.whole('INGEST_QUEUE_MEGABYTES') ?? 64;
  if (Math.min(body, queue) === 0 || bodies < 2 * body) {
    settings.defects.push(
      `INGEST_BODY_MEGABYTES is ${body}, INGEST_BODIES_MEGABYTES ${bodies}, INGEST_QUEUE_MEGABYTES ${queue}; give 1 or more for each, and for all bodies at least twice as much as for one.`,
    );
  }
  const mebibyte = 1_048_576;
  return {
    bodyBytes: body * mebibyte,
    bodiesBytes: bodies * mebibyte,
    queueBytes: queue * mebibyte,
  };
}

function readAuth(settings: Settings): AuthConfig {
  const hasUsers = settings.flag('BASIC_AUTH_ENABLED', true);
  return {
    writeUser: hasUsers ? settings.user('BASIC_AUTH') : undefined,
    readUser: hasUsers ? settings.user('BASIC_AUTH_READ_ONLY') : undefined,
    tokens: settings.tokens(),
    publicRead: settings.flag('ALLOW_PUBLIC_READ', false),
    publicBadges: settings.flag('ENABLE_PUBLIC_BADGE_ACCESS', false),
    publicHeartbeat: settings.flag('PUBLIC_HEARTBEAT', false),
  };
}

function readBroker(settings: Settings): BrokerConfig {
  const candidates = settings.flag('AUTO_DETECT_MAIN_BRANCH', true)
    ? (settings.variable('MAIN_BRANCH_CANDIDATES') ?? 'develop main master')
    : '';
  return {
    allowDangerousContractModification: settings.flag(
      'ALLOW_DANGEROUS_CONTRACT_MODIFICATION',
      false,
    ),
    checkForPotentialDuplicatePacticipantNames: settings.flag(
      'CHECK_FOR_POTENTIAL_DUPLICATE_PACTICIPANT_NAMES',
      true,
    ),
    mainBranchCandidates: candidates.split(/\s+/).filter((name) => name !== ''),
    useFirstTagAsBranch: settings.flag('USE_FIRST_TAG_AS_BRANCH', true),
    firstTagSeconds: settings.whole('USE_FIRST_TAG_AS_BRANCH_TIME_LIMIT') ?? 10,
    createDeployedVersionsForTags: settings.flag('CREATE_DEPLOYED_VERSIONS_FOR_TAGS', true),
    deployedPactsNeverPending: settings.flag('DEPLOYED_PACTS_NEVER_PENDING', true),
    keptAnswerBytes: (settings.whole('KEPT_ANSWERS_MEGABYTES') ?? 16) * 1_048_576,
    useCaseSensitiveResourceNames: settings.flag('USE_CASE_SENSITIVE_RESOURCE_NAMES', true),
    identifiesByPromises: settings.flag(
      'BASE_EQUALITY_ONLY_ON_CONTENT_THAT_AFFECTS_VERIFICATION_RESULTS',
      true,
    ),
    seedExampleData: settings.flag('SEED_EXAMPLE_DATA', false),
  };
}

function readJaeger(settings: Settings): JaegerConfig | undefined {
  const url = settings.url('jaegerUrl', 'JAEGER_URL', ['http:', 'https:']);
  const queryUrl = settings.url('jaegerQueryUrl', 'JAEGER_QUERY_URL', ['http:', 'https:']);
  const megabytes = settings.whole('JAEGER_QUEUE_MEGABYTES') ?? 64;
  const token = settings.variable('JAEGER_TOKEN');
  if (url !== undefined) return { url, queryUrl, token, maxQueueBytes: megabytes * 1_048_576 };
  if (settings.text('jaegerQueryUrl', 'JAEGER_QUERY_URL') !== undefined)
    settings.defects.push(
      'JAEGER_QUERY_URL is set and JAEGER_URL is not; traces that are read from Jaeger must be sent there first.',
    );
  return undefined;
}

const SUCCESS_CODES = [200, 201, 202, 203, 204, 205, 206];

function readWebhooks(settings: Settings): WebhookConfig {
  const methods = settings.words('WEBHOOK_HTTP_METHOD_WHITELIST');
  const schemes = settings.words('WEBHOOK_SCHEME_WHITELIST');
  const hosts = settings.words('WEBHOOK_HOST_WHITELIST');
  for (const entry of hosts.filter((host) => !isHostEntry(host))) {
    settings.defects.push(`WEBHOOK_HOST_WHITELIST has '${entry}', no name, pattern or range.`);
  }
  return {
    methods: methods.length === 0 ? ['POST'] : methods.map((method) => method.toUpperCase()),
    schemes: schemes.length === 0 ? ['https'] : schemes.map((scheme) => scheme.toLowerCase()),
    hosts,
    retrySchedule: settings.numbers('WEBHOOK_RETRY_SCHEDULE', [10, 60, 120, 300, 600, 1200]),
    successCodes: settings.numbers('WEBHOOK_HTTP_CODE_SUCCESS', SUCCESS_CODES),
    timeoutSeconds: settings.seconds('WEBHOOK_TIMEOUT_SECONDS', 15),
    certificates: settings.certificates('WEBHOOK_CERTIFICATES'),
    verifiesCertificates: !settings.flag('DISABLE_SSL_VERIFICATION', false),
    redactsLogs: settings.flag('WEBHOOK_REDACT_SENSITIVE_DATA', true),
    userAgent: settings.variable('USER_AGENT') ?? 'Pact Broker v2.120.0',
    keepDays: settings.whole('WEBHOOK_KEEP_DAYS') ?? 30,
    keepCount: settings.whole('WEBHOOK_KEEP_COUNT') ?? 100_000,
  };
}

function readBadges(settings: Settings): BadgeConfig {
  const shields = settings.url(undefined, 'SHIELDS_IO_BASE_URL', ['http:', 'https:']);
  return {
    mode: settings.oneOf('BADGE_PROVIDER_MODE', ['redirect', 'proxy']) ?? 'redirect',
    shieldsUrl: (shields ?? 'https://img.shields.io').replace(/\/+$/, ''),
    cacheControl: settings.variable('BADGE_DEFAULT_CACHE_SETTING') ?? 'max-age=30',
  };
}
