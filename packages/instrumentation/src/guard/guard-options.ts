import type { ServiceIdentity } from '../resource/service-resource.ts';

/** What a live guard can be told; what is absent comes from CONCORDAT_GUARD, CONCORDAT_HUB_URL and their like, then from defaults. */
export interface GuardOptions extends ServiceIdentity {
  /** Base URL of the hub that says which pacts to judge by. */
  readonly hubUrl?: string | undefined;
  /** `provider` looks at what this service answers and sends, `consumer` at what it is answered and receives. */
  readonly sides?: GuardSides | undefined;
  readonly sampling?: Partial<GuardSampling> | undefined;
  /** Longer bodies are not judged; their status and headers are. 256 KiB when absent. */
  readonly maxBodyBytes?: number | undefined;
  /** Pacticipants behind `host:port`; without it the guard learns them from answers that keep exactly one promise. */
  readonly providers?: Readonly<Record<string, string>> | undefined;
  /** Paths that are not looked at, with all below them, besides those of health checks. */
  readonly ignorePaths?: readonly string[] | undefined;
  /** `response.json()` gives a view that notes which fields are read. The view is a Proxy: structuredClone refuses it. */
  readonly watchFields?: boolean | undefined;
  /** Between two questions to the hub; 30 s when absent. */
  readonly refreshMillis?: number | undefined;
  /** For a hub that lets nobody read without. */
  readonly token?: string | undefined;
}

export type GuardSides = 'provider' | 'consumer' | 'both';

export interface GuardSampling {
  /** So many exchanges of an operation are all looked at. */
  readonly first: number;
  /** Then this share of them, 0 to 1. Statuses that nobody promised, and 5xx, are always looked at, without their bodies. */
  readonly rate: number;
  /** Of one processor core; beyond it exchanges are skipped and counted. */
  readonly cpuShare: number;
}

/** What a guard works with once everything is told. */
export interface GuardSettings {
  readonly service: string;
  readonly version: string | undefined;
  readonly environment: string | undefined;
  readonly hubUrl: string;
  readonly sides: GuardSides;
  readonly sampling: GuardSampling;
  readonly maxBodyBytes: number;
  readonly providers: Readonly<Record<string, string>>;
  readonly ignorePaths: readonly string[];
  readonly watchFields: boolean;
  readonly refreshMillis: number;
  /** The Authorization header for the hub. */
  readonly authorization: string | undefined;
}

/** What the environment says about the guard; undefined where it says nothing. */
export interface GuardVariables {
  readonly sides: GuardSides | 'off' | undefined;
  readonly hubUrl: string | undefined;
  readonly rate: number | undefined;
  readonly authorization: string | undefined;
}

const defaults = {
  hubUrl: 'http://127.0.0.1:9292',
  sampling: { first: 50, rate: 0.05, cpuShare: 0.01 },
  maxBodyBytes: 256 * 1024,
  providers: {},
  ignorePaths: [],
  watchFields: false,
  refreshMillis: 30_000,
} as const;

type Named = Pick<GuardSettings, 'service' | 'version' | 'environment'>;

/** Options win over variables, and both over defaults. `identity` is what the service's spans say of it. */
export function guardSettings(
  options: GuardOptions,
  { sides, hubUrl, rate, authorization }: GuardVariables,
  identity: Named,
): GuardSettings {
  const { sampling, token, ...told } = options;
  const settings = {
    ...defaults,
    ...identity,
    sides: sides === undefined || sides === 'off' ? ('both' as const) : sides,
    authorization: undefined,
    ...defined({ hubUrl, authorization }),
    ...defined(told),
    sampling: { ...defaults.sampling, ...defined({ rate }), ...sampling },
  };
  return {
    ...settings,
    hubUrl: settings.hubUrl.replace(/\/+$/, ''),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

type Defined<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> };

function defined<Members extends object>(members: Members): Defined<Members> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<Members>;
}
