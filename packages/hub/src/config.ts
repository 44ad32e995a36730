import { readFileSync } from 'node:fs';
import { type AccessToken, type BasicUser, parseTokens } from './auth/credentials.ts';
import type { BadgeConfig } from './badges/badge-config.ts';
import type { LogLevel } from './log.ts';

/** Everything the hub can be told; read once by `readConfig`, or written out by a test. */
export interface HubConfig {
  readonly host: string;
  /** 0 picks a free port, for this and the two below. */
  readonly port: number;
  /** OTLP over HTTP; undefined switches the listener off. */
  readonly otlpPort: number | undefined;
  /** Jaeger Thrift over HTTP; undefined switches the listener off. */
  readonly jaegerPort: number | undefined;
  readonly dataDir: string;
  /** PostgreSQL for contracts and insights; undefined means SQLite in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Base URL of a Jaeger that gets every span too. */
  readonly jaegerUrl: string | undefined;
  /** Base URLs that links start with; empty means the request's own. */
  readonly baseUrls: readonly string[];
  readonly auth: AuthConfig;
  readonly broker: BrokerConfig;
  readonly badges: BadgeConfig;
  /** How long spans are kept. */
  readonly retentionHours: number;
  /** Below these a promise is `no-evidence`, never `not-seen`. */
  readonly evidence: { readonly minimumCalls: number; readonly minimumWindowSeconds: number };
  /** How long half a call waits for its other half. */
  readonly pairingWindowSeconds: number;
  /** Origins whose pages may send spans by OTLP; `*` for all. */
  readonly otlpCorsOrigins: readonly string[];
  readonly logLevel: LogLevel;
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
  readonly createDeployedVersionsForTags: boolean;
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
  readonly jaegerPort?: string;
  readonly jaegerUrl?: string;
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
  const config: HubConfig = {
    host: settings.text('host', 'HOST') ?? '0.0.0.0',
    port: settings.port('port', 'PORT') ?? 9292,
    otlpPort: settings.optionalPort('otlpPort', 'OTLP_PORT', 4318),
    jaegerPort: settings.optionalPort('jaegerPort', 'JAEGER_PORT', 14268),
    dataDir: settings.text('dataDir', 'DATA_DIR') ?? '.concordat',
    databaseUrl: settings.url('databaseUrl', 'DATABASE_URL', ['postgres:', 'postgresql:']),
    jaegerUrl: settings.url('jaegerUrl', 'JAEGER_URL', ['http:', 'https:']),
    baseUrls: settings.baseUrls(),
    auth: readAuth(settings),
    broker: readBroker(settings),
    badges: readBadges(settings),
    retentionHours: settings.hours('retention', 'RETENTION') ?? 72,
    evidence: {
      minimumCalls: settings.whole('EVIDENCE_MINIMUM_CALLS') ?? 20,
      minimumWindowSeconds: settings.whole('EVIDENCE_MINIMUM_WINDOW_SECONDS') ?? 3600,
    },
    pairingWindowSeconds: settings.whole('PAIRING_WINDOW_SECONDS') ?? 20,
    otlpCorsOrigins: settings.words('OTLP_CORS_ORIGINS'),
    logLevel: settings.oneOf('LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent']) ?? 'warn',
  };
  if (settings.defects.length > 0) throw new ConfigError(settings.defects);
  return config;
}

function readAuth(settings: Settings): AuthConfig {
  return {
    writeUser: settings.user('BASIC_AUTH'),
    readUser: settings.user('BASIC_AUTH_READ_ONLY'),
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
    createDeployedVersionsForTags: settings.flag('CREATE_DEPLOYED_VERSIONS_FOR_TAGS', true),
    seedExampleData: settings.flag('SEED_EXAMPLE_DATA', true),
  };
}

function readBadges(settings: Settings): BadgeConfig {
  const shields = settings.url(undefined, 'SHIELDS_IO_BASE_URL', ['http:', 'https:']);
  return {
    mode: settings.oneOf('BADGE_PROVIDER_MODE', ['redirect', 'proxy']) ?? 'redirect',
    shieldsUrl: (shields ?? 'https://img.shields.io').replace(/\/+$/, ''),
  };
}

/** Reads single settings and collects what is wrong with them. */
class Settings {
  readonly defects: string[] = [];
  readonly #flags: HubFlags;
  readonly #env: NodeJS.ProcessEnv;

  constructor(input: { readonly flags: HubFlags; readonly env: NodeJS.ProcessEnv }) {
    this.#flags = input.flags;
    this.#env = input.env;
  }

  variable(name: string): string | undefined {
    return this.#env[`CONCORDAT_${name}`] || this.#env[`PACT_BROKER_${name}`] || undefined;
  }

  text(flag: keyof HubFlags, name: string): string | undefined {
    return this.#flags[flag] || this.variable(name);
  }

  port(flag: keyof HubFlags, name: string): number | undefined {
    const value = this.text(flag, name);
    if (value === undefined) return undefined;
    const port = Number(value);
    if (/^\d+$/.test(value) && port <= 65_535) return port;
    this.defects.push(`${name} is '${value}'; give a port from 0 to 65535, 0 for a free one.`);
    return undefined;
  }

  optionalPort(flag: keyof HubFlags, name: string, otherwise: number): number | undefined {
    if (this.text(flag, name) === 'off') return undefined;
    return this.port(flag, name) ?? otherwise;
  }

  url(
    flag: keyof HubFlags | undefined,
    name: string,
    schemes: readonly string[],
  ): string | undefined {
    const value = flag === undefined ? this.variable(name) : this.text(flag, name);
    if (value === undefined || (URL.canParse(value) && schemes.includes(new URL(value).protocol))) {
      return value;
    }
    this.defects.push(
      `${name} is not a URL that starts with ${schemes.map((s) => `${s}//`).join(' or ')}.`,
    );
    return undefined;
  }

  baseUrls(): readonly string[] {
    const urls = (this.variable('BASE_URLS') ?? this.variable('BASE_URL') ?? '')
      .split(/\s+/)
      .filter((url) => url !== '');
    for (const url of urls) {
      if (!URL.canParse(url) || !/^https?:/.test(url)) {
        this.defects.push(
          `BASE_URL contains '${url}'; give http:// or https:// URLs with spaces between.`,
        );
      }
    }
    return urls.map((url) => url.replace(/\/+$/, ''));
  }

  /** A list with spaces between; empty when not given. */
  words(name: string): readonly string[] {
    return (this.variable(name) ?? '').split(/\s+/).filter((word) => word !== '');
  }

  hours(flag: keyof HubFlags, name: string): number | undefined {
    const value = this.text(flag, name);
    if (value === undefined) return undefined;
    const match = /^(\d+)(h|d)$/.exec(value);
    const hours = Number(match?.[1]) * (match?.[2] === 'd' ? 24 : 1);
    if (hours > 0) return hours;
    this.defects.push(`${name} is '${value}'; give hours or days, such as 72h or 7d.`);
    return undefined;
  }

  whole(name: string): number | undefined {
    const value = this.variable(name);
    if (value === undefined) return undefined;
    if (/^\d{1,9}$/.test(value)) return Number(value);
    this.defects.push(`${name} is '${value}'; give a whole number.`);
    return undefined;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.variable(name)?.toLowerCase();
    if (value === undefined) return otherwise;
    if (['true', '1', 'yes', 'on'].includes(value)) return true;
    if (['false', '0', 'no', 'off'].includes(value)) return false;
    this.defects.push(`${name} is '${value}'; give true or false.`);
    return otherwise;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.variable(name)?.toLowerCase();
    const found = allowed.find((candidate) => candidate === value);
    if (value !== undefined && found === undefined) {
      this.defects.push(`${name} is '${value}'; give one of ${allowed.join(', ')}.`);
    }
    return found;
  }

  user(prefix: string): BasicUser | undefined {
    const username = this.variable(`${prefix}_USERNAME`);
    const password = this.variable(`${prefix}_PASSWORD`);
    if (username === undefined && password === undefined) return undefined;
    if (username !== undefined && password !== undefined) return { username, password };
    const missing = username === undefined ? 'USERNAME' : 'PASSWORD';
    this.defects.push(`${prefix}_${missing} is missing; a user needs a name and a password.`);
    return undefined;
  }

  tokens(): readonly AccessToken[] {
    const inline = parseTokens(this.variable('TOKENS') ?? '');
    const file = parseTokens(this.#tokensFile());
    const defects = [...inline.defects, ...file.defects];
    this.defects.push(...defects.map((defect) => `TOKENS: ${defect}`));
    return [...inline.tokens, ...file.tokens];
  }

  #tokensFile(): string {
    const path = this.variable('TOKENS_FILE');
    if (path === undefined) return '';
    try {
      return readFileSync(path, 'utf8');
    } catch {
      this.defects.push(`TOKENS_FILE '${path}' cannot be read.`);
      return '';
    }
  }
}
