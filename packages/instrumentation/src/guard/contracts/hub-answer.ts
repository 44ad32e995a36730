import { context, createContextKey } from '@opentelemetry/api';

export interface HubQuestion {
  readonly url: string;
  readonly etag?: string | undefined;
  readonly authorization: string | undefined;
  readonly maxBytes: number;
  readonly timeoutMillis: number;
}

export interface HubAnswer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly text: string;
}

/** The key @opentelemetry/core gives away as suppressTracing; with it no instrumentation makes a span. */
const suppressed = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Whether what happens now is telemetry's own and nobody's call. */
export function isSuppressed(): boolean {
  return context.active().getValue(suppressed) === true;
}

/**
 * Asks the hub, untraced and unguarded, without keeping the process alive: sockets do not count for it. Rejects when there is no
 * answer in time, it is too long or the connection breaks.
 */
export async function askHub(question: HubQuestion): Promise<HubAnswer> {
  const isSecure = question.url.startsWith('https:');
  // Loaded late: a service that starts tracing itself has node:http patched before.
  const { request } = await (isSecure ? import('node:https') : import('node:http'));
  return context.with(context.active().setValue(suppressed, true), () => ask(request, question));
}

function ask(request: typeof import('node:http').request, question: HubQuestion) {
  const { url, etag, authorization, maxBytes, timeoutMillis } = question;
  return new Promise<HubAnswer>((resolve, reject) => {
    const headers = {
      accept: 'application/hal+json, application/json',
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
      ...(authorization === undefined ? {} : { authorization }),
    };
    const sent = request(url, { headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes)
          sent.destroy(new Error(`its answer is longer than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          etag: response.headers.etag,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    const timer = setTimeout(
      () => sent.destroy(new Error(`it did not answer within ${timeoutMillis} ms`)),
      timeoutMillis,
    );
    timer.unref();
    sent.once('socket', (socket) => socket.unref());
    sent.once('error', reject);
    sent.once('close', () => {
      clearTimeout(timer);
      reject(new Error('the connection was closed'));
    });
    sent.end();
  });
}
