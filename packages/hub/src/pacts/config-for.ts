import type { Request } from 'express';
import type { BrokerConfig } from '../config.ts';

const HEADER = 'x-allow-similar-names';

/** The rules for one request: a client that means a name much like another can say so, and is not asked. */
export function configFor(request: Request, config: BrokerConfig): BrokerConfig {
  if (request.get(HEADER)?.toLowerCase() !== 'true') return config;
  return { ...config, checkForPotentialDuplicatePacticipantNames: false };
}
