import { HttpClient } from '../service/http-client.ts';
import { type BuildService, serviceApp } from '../service/service.ts';
import { verificationRoutes } from '../service/verification-routes.ts';
import { gatewayRoutes } from './gateway-routes.ts';
import { gatewayVerification } from './gateway-verification.ts';
import { OrdersClient } from './orders-client.ts';

/** The API gateway: what the outside may reach, and nothing of how it is done. */
export const gatewayService: BuildService = async (config) => {
  const close = async () => undefined;
  if (config.verifying) {
    const { orders, verification } = gatewayVerification();
    const routers = [verificationRoutes(verification), gatewayRoutes(orders)];
    return { app: serviceApp({ routers }), close };
  }
  const http = new HttpClient({
    provider: 'orders',
    baseUrl: config.urlOf('orders'),
    timeoutMillis: 10_000,
  });
  return { app: serviceApp({ routers: [gatewayRoutes(new OrdersClient(http))] }), close };
};
