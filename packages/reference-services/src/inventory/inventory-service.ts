import { randomUUID } from 'node:crypto';
import { type BuildService, serviceApp } from '../service/service.ts';
import { verificationRoutes } from '../service/verification-routes.ts';
import { fillStock } from './catalogue.ts';
import { inventoryRoutes } from './inventory-routes.ts';
import { inventoryVerification } from './inventory-verification.ts';
import { Stock } from './stock.ts';

/** Knows what is in stock and holds it for orders. */
export const inventoryService: BuildService = async (config) => {
  const stock = new Stock(randomUUID);
  if (!config.verifying) fillStock(stock);
  return {
    app: serviceApp({
      routers: [
        ...(config.verifying ? [verificationRoutes(inventoryVerification(stock))] : []),
        inventoryRoutes(stock),
      ],
    }),
    close: async () => undefined,
  };
};
