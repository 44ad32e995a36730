import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, OwnProcess } from '../services/own-process.ts';

/** One series of an answer; a range has many values, an instant one. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** A real Prometheus with our own configuration that scrapes one hub every three seconds; a scrape may last as long on a busy machine. */
export class RunningPrometheus {
  readonly #url: string;
  readonly #process: OwnProcess;
  readonly #folder: string;

  private constructor(url: string, process: OwnProcess, folder: string) {
    this.#url = url;
    this.#process = process;
    this.#folder = folder;
  }

  static async start(program: string, target: string): Promise<RunningPrometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'concordat-prometheus-'));
    const config = join(import.meta.dirname, '../../dashboards/prometheus.yml');
    const own = (await readFile(config, 'utf8'))
      .replace('hub:9292', target)
      .replace(/scrape_interval: \w+/, 'scrape_interval: 3s');
    await writeFile(join(folder, 'prometheus.yml'), own);
    const address = `127.0.0.1:${await freePort()}`;
    const running = new OwnProcess({
      command: program,
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--enable-feature=exemplar-storage',
      ],
    });
    const url = `http://${address}`;
    await running.ready(() =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return new RunningPrometheus(url, running, folder);
  }

  async range(expr: string): Promise<readonly Series[]> {
    const now = Date.now() / 1000;
    return await this.#series('query_range', {
      query: expr,
      start: String(now - 60),
      end: String(now),
      step: '1',
    });
  }

  async instant(expr: string): Promise<readonly Series[]> {
    return await this.#series('query', { query: expr });
  }

  async labelValues(metric: string, label: string): Promise<readonly string[]> {
    return await this.#get(`label/${label}/values`, { 'match[]': metric });
  }

  /** Trace ids of the exemplars of the last minute. */
  async exemplars(expr: string): Promise<readonly string[]> {
    const now = Date.now() / 1000;
    const found: readonly {
      readonly exemplars: readonly { readonly labels: { readonly trace_id: string } }[];
    }[] = await this.#get('query_exemplars', {
      query: expr,
      start: String(now - 60),
      end: String(now),
    });
    return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id));
  }

  /** Whether the last scrape worked, and what was wrong when it did not. */
  async target(): Promise<{ readonly health: string; readonly lastError: string }> {
    const { activeTargets } = await this.#get<{
      readonly activeTargets: readonly { readonly health: string; readonly lastError: string }[];
    }>('targets', {});
    const [target] = activeTargets;
    if (target === undefined) throw new Error('Prometheus has no target.');
    return target;
  }

  async stop(): Promise<void> {
    await this.#process.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #series(
    path: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<readonly Series[]> {
    const { result } = await this.#get<{ readonly result: readonly Result[] }>(path, parameters);
    return result.map(({ metric, value, values = [] }) => ({
      metric,
      values: [...values, ...(value === undefined ? [] : [value])].map(([, text]) => Number(text)),
    }));
  }

  async #get<T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
    const answer = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const body = (await answer.json()) as {
      readonly status: string;
      readonly data: T;
      readonly error?: string;
    };
    if (body.status !== 'success') throw new Error(`${parameters.query}: ${body.error}`);
    return body.data;
  }
}
