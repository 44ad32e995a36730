import { launch } from '../service/launch.ts';

await launch('storefront', async () => (await import('./storefront-service.ts')).storefrontService);
