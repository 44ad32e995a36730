import { HttpClient } from '../service/http-client.ts';
import { type BuildService, serviceApp } from '../service/service.ts';
import { GatewayClient } from './gateway-client.ts';
import { storefrontRoutes } from './storefront-routes.ts';

/** Backend of the web pages: asks the gateway for all it shows. */
export const storefrontService: BuildService = async (config) => {
  const http = new HttpClient({
    provider: 'gateway',
    baseUrl: config.urlOf('gateway'),
    timeoutMillis: 15_000,
  });
  return {
    app: serviceApp({ routers: [storefrontRoutes(new GatewayClient(http))] }),
    close: async () => undefined,
  };
};
