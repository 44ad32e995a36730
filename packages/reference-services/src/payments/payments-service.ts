import { randomUUID } from 'node:crypto';
import { type BuildService, serviceApp } from '../service/service.ts';
import { verificationRoutes } from '../service/verification-routes.ts';
import { Ledger } from './ledger.ts';
import { paymentsRoutes } from './payments-routes.ts';
import { paymentsVerification } from './payments-verification.ts';

/** Charges cards and gives money back. */
export const paymentsService: BuildService = async (config) => {
  const ledger = new Ledger(randomUUID);
  return {
    app: serviceApp({
      routers: [
        ...(config.verifying ? [verificationRoutes(paymentsVerification(ledger))] : []),
        paymentsRoutes(ledger),
      ],
    }),
    close: async () => undefined,
  };
};
