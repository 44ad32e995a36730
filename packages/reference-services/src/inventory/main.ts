import { launch } from '../service/launch.ts';

await launch('inventory', async () => (await import('./inventory-service.ts')).inventoryService);
