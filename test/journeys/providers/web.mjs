// A consumer with real tracing: it asks the till for whatever it is asked itself, also for what no pact promises.
import { startTracing } from '@concordat/instrumentation';

const tracing = startTracing({
  service: 'web',
  version: 'w1',
  environment: process.env.DEPLOYMENT_ENVIRONMENT,
});
const { createServer } = await import('node:http');

const server = createServer(async (request, response) => {
  if (request.url !== '/health') await fetch(`${process.env.TILL_URL}${request.url}`);
  response.end('{}');
});
server.listen(Number(process.env.PORT), '127.0.0.1');

process.once('SIGTERM', async () => {
  server.closeAllConnections();
  await tracing.shutdown();
  process.exit(0);
});
