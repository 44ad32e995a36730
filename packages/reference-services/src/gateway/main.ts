import { launch } from '../service/launch.ts';

await launch('gateway', async () => (await import('./gateway-service.ts')).gatewayService);
