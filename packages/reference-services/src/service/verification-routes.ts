import { Router } from 'express';
import { Problem } from './problem.ts';

export type StateParams = Readonly<Record<string, unknown>>;

/** What a service does for the verifier of its pacts; only wired when CONCORDAT_VERIFYING=1. */
export interface Verification {
  /** Back to an empty service, before and after every interaction. */
  readonly reset: () => void;
  readonly states: Readonly<Record<string, (params: StateParams) => void>>;
  /** By description: builds the message with the service's own code. */
  readonly messages?: Readonly<Record<string, () => VerifiedMessage>>;
}

export interface VerifiedMessage {
  readonly contents: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** `POST /_pact/provider-states` and `POST /_pact/messages`, as the Pact verifier calls them. */
export function verificationRoutes(verification: Verification): Router {
  const router = Router();
  router.post('/_pact/provider-states', (request, response) => {
    const { state, params, action } = request.body as {
      state?: string;
      params?: StateParams;
      action?: string;
    };
    verification.reset();
    if (action !== 'teardown' && state) setUp(verification, state, params ?? {});
    response.json({});
  });
  router.post('/_pact/messages', (request, response) => {
    const { description } = request.body as { description?: string };
    const message = buildMessage(verification, description ?? '');
    response
      .set(
        'Pact-Message-Metadata',
        Buffer.from(JSON.stringify(message.metadata)).toString('base64'),
      )
      .json(message.contents);
  });
  return router;
}

function setUp(verification: Verification, state: string, params: StateParams): void {
  const handler = verification.states[state];
  if (handler === undefined) {
    throw new Problem(400, 'UNKNOWN_PROVIDER_STATE', {
      detail: `'${state}' is no provider state here; known are: ${Object.keys(verification.states).join(', ')}`,
    });
  }
  handler(params);
}

function buildMessage(verification: Verification, description: string): VerifiedMessage {
  const build = verification.messages?.[description];
  if (build !== undefined) return build();
  throw new Problem(400, 'UNKNOWN_MESSAGE', {
    detail: `'${description}' is no message of this service; known are: ${Object.keys(verification.messages ?? {}).join(', ')}`,
  });
}
