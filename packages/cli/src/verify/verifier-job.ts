/** What the runner sends to a verifier process, and what comes back; both sides import only this. */
export interface VerifierJob {
  readonly pactFile: string;
  readonly provider: string;
  readonly providerBaseUrl: string;
  readonly providerStates: string;
  readonly messages: string | undefined;
  /** How long one request may take. */
  readonly timeoutMs: number;
  /** Messages carry no headers in a pact: the process adds these to its requests for them. */
  readonly messageTraces: readonly MessageTrace[];
}

interface MessageTrace {
  readonly description: string;
  readonly providerStates: readonly string[];
  readonly traceparent: string;
}

export type VerifierMessage =
  /** A replayed request; sent so that the runner can tell slow from hung. */
  | { readonly kind: 'request'; readonly traceparent: string | undefined }
  /** The verifier's own JSON result. */
  | { readonly kind: 'result'; readonly json: string }
  /** The verifier could not do its work. */
  | { readonly kind: 'defect'; readonly message: string };
