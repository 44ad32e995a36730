import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider to verify, which answers JSON. */
export interface RecordingProvider {
  readonly url: string;
  /** The paths that were asked for since the last call, sorted, each once. */
  readonly asked: () => readonly string[];
  close(): void;
}

/** Answers 200 with the text of the path in `answers`, or with an empty object. */
export async function startProvider(
  answers: Readonly<Record<string, string>> = {},
): Promise<RecordingProvider> {
  let paths = new Set<string>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    paths.add(path);
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(answers[path] ?? '{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => {
      const asked = [...paths].sort();
      paths = new Set();
      return asked;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
