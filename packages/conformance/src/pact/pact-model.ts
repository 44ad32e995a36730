import type { JsonObject } from './json-values.ts';

/** A matching rule as the file has it; its kind is resolved by name and aliases when it is compiled. */
export interface PactRule {
  readonly match: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface RuleList {
  readonly rules: readonly PactRule[];
  readonly combine: 'and' | 'or';
}

interface InteractionNames {
  readonly description: string;
  readonly providerStates: readonly string[];
  /** Needs a plugin to be compared, by its name or kind. */
  readonly plugin: string | undefined;
}

/** How bodies are written: version 4 wraps them, with their content type and coding. */
export type BodyNotation = 'bare' | 'wrapped';

export interface HttpInteraction extends InteractionNames {
  readonly kind: 'http';
  /** Upper case. */
  readonly method: string;
  /** As the file has it: raw, percent-encoding included. */
  readonly path: string;
  readonly pathRules: RuleList | undefined;
  /** Decoded values by name; null where the name stood without `=`. */
  readonly query: ReadonlyMap<string, readonly (string | null)[]>;
  readonly queryRules: ReadonlyMap<string, RuleList>;
  readonly status: number;
  readonly statusRules: RuleList | undefined;
  /** The parts as the file has them: headers, bodies and all rules are read from these when they are needed. */
  readonly source: {
    readonly request: JsonObject;
    readonly response: JsonObject;
    readonly notation: BodyNotation;
  };
}

export interface MessageInteraction extends InteractionNames {
  readonly kind: 'message';
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The example payload as a JSON value; undefined when the message has none or it is not JSON. */
  readonly contents: unknown;
  /** What is sent and, of a synchronous message, what comes back, as the file has it. */
  readonly source: {
    readonly sent: JsonObject;
    readonly answers: readonly JsonObject[];
    readonly notation: BodyNotation;
  };
}

export type PactInteraction = HttpInteraction | MessageInteraction;

/** A pact of any specification version. Parts that cannot be read stand in `defects` and never keep the rest from loading. */
export interface PactModel {
  readonly consumer: string | undefined;
  readonly provider: string | undefined;
  readonly interactions: readonly PactInteraction[];
  readonly defects: readonly string[];
}
