import { launch } from '../service/launch.ts';

await launch(
  'notifications',
  async () => (await import('./notifications-service.ts')).notificationsService,
);
