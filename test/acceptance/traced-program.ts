import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

/** Programs of a user: a folder outside of this project that sees its installed packages. */
export class ProgramFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'concordat-program-'));
  readonly #programs: Program[] = [];

  constructor() {
    symlinkSync(join(root, 'node_modules'), join(this.path, 'node_modules'));
  }

  write(path: string, content: string | object): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }

  /** Runs node with these arguments here, with no OTEL_* but what is given. */
  run(args: readonly string[], env: Readonly<Record<string, string>>): Program {
    const kept = Object.entries(process.env).filter(
      ([name]) => !/^(OTEL_|CONCORDAT_|TRACE_|VITEST|NODE_)/.test(name),
    );
    const child = spawn(process.execPath, args, {
      cwd: this.path,
      env: { ...Object.fromEntries(kept), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const program = new Program(child);
    this.#programs.push(program);
    return program;
  }

  /** Ends what still runs and removes the folder. */
  async remove(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.end('SIGKILL')));
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class Program {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ended>;
  output = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.output += chunk;
      });
    }
    this.ended = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Ended);
  }

  /** The port that the program says it listens on, as `ready 12345`. */
  async url(): Promise<string> {
    const port = await this.said(/ready (\d+)/);
    return `http://127.0.0.1:${port}`;
  }

  /** Waits for an output that fits; resolves with its first group. */
  said(pattern: RegExp): Promise<string> {
    return vi.waitFor(
      () => {
        const found = pattern.exec(this.output);
        if (found === null) throw new Error(`${pattern} is not in its output: ${this.output}`);
        return found[1] ?? '';
      },
      { timeout: 60_000, interval: 20 },
    );
  }

  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  end(signal: NodeJS.Signals): Promise<Ended> {
    this.send(signal);
    return this.ended;
  }
}

export interface CollectedSpan {
  readonly service: string;
  readonly scope: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly traceState: string;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Takes OTLP as JSON, as a collector would, and answers as it is told to. */
export class JsonCollector {
  readonly spans: CollectedSpan[] = [];
  /** Answers with this status; 0 never answers. */
  status = 200;
  readonly #server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    if (this.status === 200) this.spans.push(...readSpans(JSON.parse(body) as Batch));
    if (this.status !== 0) response.writeHead(this.status).end('{}');
  });

  /** Resolves with the variables that send a program's spans here. */
  async start(): Promise<Readonly<Record<string, string>>> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.0.0,deployment.environment.name=test',
    };
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

interface Batch {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly JsonSpan[];
    }[];
  }[];
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface JsonSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly status?: { readonly code?: number };
  readonly attributes: readonly KeyValue[];
}

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

function readSpans({ resourceSpans }: Batch): readonly CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({
        service: String(readAttributes(resource.attributes)['service.name']),
        scope: scope.name,
        name: span.name,
        kind: kinds[span.kind] ?? 'internal',
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId || undefined,
        traceState: span.traceState ?? '',
        failed: span.status?.code === 2,
        attributes: readAttributes(span.attributes),
      })),
    ),
  );
}

function readAttributes(attributes: readonly KeyValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, Object.values(value)[0]] as const),
  );
}

/** Compiles what programs import; a compiler that finds nothing new takes a second. */
export async function buildInstrumentation(): Promise<void> {
  const args = ['tsc', '-b', 'packages/instrumentation'];
  await promisify(execFile)('npx', args, { cwd: root }).catch(() => undefined);
}
