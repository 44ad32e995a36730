import type { GuardSettings } from '../guard-options.ts';
import {
  type CompileContract,
  compileContent,
  type HeldPact,
  type ListedPact,
  type PactContent,
} from './held-pact.ts';
import { askHub, type HubAnswer } from './hub-answer.ts';
import { readListing } from './read-listing.ts';
import { withinTime } from './within-time.ts';

const listBytes = 4 * 1024 * 1024;
const contentBytes = 4 * 1024 * 1024;
const timeoutMillis = 10_000;
const compileMillis = 2_000;
const longestPauseMillis = 10 * 60_000;

export interface SourceParts {
  readonly compile: CompileContract;
  readonly random: () => number;
  readonly say: (line: string) => void;
  /** Gets all pacts in force, whenever they have changed. */
  readonly onPacts: (pacts: readonly HeldPact[]) => void;
}

/**
 * Keeps the pacts in force up to date in the background. Whatever the hub does, nothing is thrown and the last pacts that were read
 * stay; while it does not answer the pauses double, up to ten minutes. Neither timers nor sockets keep the process alive.
 */
export class PactSource {
  readonly #settings: GuardSettings;
  readonly #parts: SourceParts;
  /** By sha; undefined for content that cannot be used, which is not asked for again. */
  #contents = new Map<string, PactContent | undefined>();
  #etag: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #isStopped = false;
  #said = new Set<string>();

  constructor(settings: GuardSettings, parts: SourceParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  /** Resolves after the first attempt, whatever came of it; the rest happens by itself. */
  async start(): Promise<void> {
    await this.refresh();
    this.#wait();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Asks once; resolves in any case. */
  async refresh(): Promise<void> {
    try {
      await this.#read();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#sayOnce(
        'hub',
        `${this.#settings.hubUrl} gives no pacts (${reasonOf(error)}); what was read before stays, and it is asked again`,
      );
    }
  }

  #wait(): void {
    if (this.#isStopped) return;
    const pause = Math.min(longestPauseMillis, this.#settings.refreshMillis * 2 ** this.#failures);
    // Services that were started together do not ask together.
    const millis = pause * (0.8 + 0.4 * this.#parts.random());
    this.#timer = setTimeout(() => void this.start(), millis);
    this.#timer.unref();
  }

  async #read(): Promise<void> {
    const answer = await this.#ask(this.#listPath(), { maxBytes: listBytes, etag: this.#etag });
    if (answer.status === 304) return;
    if (answer.status !== 200) throw new Error(`it answers ${answer.status}`);
    const listed = readListing(answer.text);
    const isWhole = await this.#readContents(listed);
    if (this.#isStopped) return;
    this.#parts.onPacts(listed.flatMap((pact) => this.#held(pact)));
    // With the tag a content that failed for once would never be asked for again.
    this.#etag = isWhole ? answer.etag : undefined;
  }

  #listPath(): string {
    const { service, environment, version } = this.#settings;
    const query = new URLSearchParams({ pacticipant: service });
    if (environment !== undefined) query.set('environment', environment);
    if (version !== undefined) query.set('version', version);
    return `/insights/guard/pacts?${query}`;
  }

  async #readContents(listed: readonly ListedPact[]): Promise<boolean> {
    const before = this.#contents;
    this.#contents = new Map();
    let isWhole = true;
    for (const { sha, path } of listed) {
      if (before.has(sha)) this.#contents.set(sha, before.get(sha));
      else if (!this.#contents.has(sha)) isWhole = (await this.#readContent(sha, path)) && isWhole;
    }
    return isWhole;
  }

  /** false when it is worth another attempt. */
  async #readContent(sha: string, path: string): Promise<boolean> {
    let text: string;
    try {
      const answer = await this.#ask(path, { maxBytes: contentBytes });
      if (answer.status !== 200) throw new Error(`${answer.status}`);
      text = answer.text;
    } catch (error) {
      this.#sayOnce(
        sha,
        `${path} cannot be read (${reasonOf(error)}), so nothing is judged by it yet`,
      );
      return false;
    }
    this.#contents.set(sha, this.#compile(text, path));
    return true;
  }

  #compile(text: string, path: string): PactContent | undefined {
    try {
      const content = withinTime(compileMillis, () => compileContent(text, this.#parts.compile));
      if (content !== undefined) return content;
      this.#sayOnce(
        path,
        `${path} takes longer than ${compileMillis} ms to read, so nothing is judged by it`,
      );
    } catch (error) {
      this.#sayOnce(path, `${path} cannot be judged by (${reasonOf(error)})`);
    }
    return undefined;
  }

  #held({ consumer, provider, sha, consumerVersions }: ListedPact): readonly HeldPact[] {
    const content = this.#contents.get(sha);
    return content === undefined ? [] : [{ consumer, provider, sha, consumerVersions, ...content }];
  }

  #ask(
    path: string,
    how: { readonly maxBytes: number; readonly etag?: string | undefined },
  ): Promise<HubAnswer> {
    const { hubUrl, authorization } = this.#settings;
    return askHub({ url: `${hubUrl}${path}`, authorization, timeoutMillis, ...how });
  }

  #sayOnce(about: string, text: string): void {
    if (this.#said.has(about)) return;
    this.#said.add(about);
    this.#parts.say(`guard: ${text}`);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
