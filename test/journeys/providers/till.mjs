// A small provider with real tracing: its total is wrong when TILL_BUG is set, and it dies or hangs when told to.
import { startTracing } from '@concordat/instrumentation';

const tracing = startTracing({
  service: 'till',
  version: 'v1',
  environment: process.env.DEPLOYMENT_ENVIRONMENT,
});
const { createServer } = await import('node:http');
const { trace } = await import('@opentelemetry/api');

const bug = process.env.TILL_BUG ?? '';
if (bug === 'start') {
  console.error('the till has no drawer');
  process.exit(3);
}

function answer(response, body, headers = {}) {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function count() {
  return trace.getTracer('till').startActiveSpan('count the drawer', (span) => {
    if (bug === 'total') span.recordException(new Error('a coin is missing'));
    if (bug === 'total') span.setStatus({ code: 2, message: 'a coin is missing' });
    span.end();
    return bug === 'total' ? 41 : 42;
  });
}

const server = createServer((request, response) => {
  if (request.url === '/health') answer(response, {});
  else if (request.url === '/states') answer(response, {});
  else if (request.url === '/messages') {
    const metadata = Buffer.from('{"topic":"till"}').toString('base64');
    answer(response, { total: count() }, { 'pact-message-metadata': metadata });
  } else {
    console.log(`asked for ${request.url}`);
    if (bug === 'hang') return;
    answer(response, { total: count() });
  }
});
server.listen(Number(process.env.PORT), '127.0.0.1');

process.once('SIGTERM', async () => {
  server.closeAllConnections();
  await tracing.shutdown();
  process.exit(0);
});
