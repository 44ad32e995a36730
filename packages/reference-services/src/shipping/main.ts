import { launch } from '../service/launch.ts';

await launch('shipping', async () => (await import('./shipping-service.ts')).shippingService);
