import { launch } from '../service/launch.ts';

await launch('orders', async () => (await import('./orders-service.ts')).ordersService);
