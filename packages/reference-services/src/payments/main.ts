import { launch } from '../service/launch.ts';

await launch('payments', async () => (await import('./payments-service.ts')).paymentsService);
