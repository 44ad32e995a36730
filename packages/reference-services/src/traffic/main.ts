import { readServiceConfig, readTrafficConfig } from '../config.ts';
import { driveTraffic } from './drive-traffic.ts';

const { urlOf } = readServiceConfig();

await driveTraffic({
  storefrontUrl: urlOf('storefront'),
  shippingUrl: urlOf('shipping'),
  notificationsUrl: urlOf('notifications'),
  ...readTrafficConfig(),
});
