import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the provider answers on a path, or sends as the message of a description. */
export interface NativeAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface NativeVerify {
  readonly kind: 'verify';
  readonly pact: string;
  /** By path for answers, by description for messages; bodies in base64. */
  readonly answers: readonly (readonly [string, NativeAnswer])[];
}

/** A promised request as the native library's builder takes it; every one has a mock server of its own. */
export interface NativeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, number, string])[];
  readonly headers: readonly (readonly [string, number, string])[];
  readonly body: { readonly contentType: string; readonly content: string } | undefined;
  /** JSON: categories of version 4. */
  readonly rules: string;
  readonly sent: {
    readonly method: string;
    readonly target: string;
    readonly headers: readonly (readonly [string, string])[];
    /** In base64. */
    readonly body: string;
  };
}

export interface NativeRequests {
  readonly kind: 'requests';
  readonly requests: readonly NativeRequest[];
}

export type NativeQuestion = NativeVerify | NativeRequests;

export interface NativeMismatch {
  readonly type: string;
  readonly mismatch?: string;
  /** Of bodies. */
  readonly path?: string;
  /** Of headers and metadata. */
  readonly key?: string;
  /** Of queries. */
  readonly parameter?: string;
}

export interface NativeVerdict {
  /** The description of an interaction, or the number of a request. */
  readonly name: string;
  readonly mismatches: readonly NativeMismatch[];
  /** Set where it was no comparison that failed. */
  readonly error: string | undefined;
}

/** The native library in a process of its own: it reports on standard output, and it may crash. */
export class NativeLibrary {
  readonly #child = fork(fileURLToPath(new URL('native-child.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx', '--conditions=@concordat/source'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, PACT_DO_NOT_TRACK: 'true' },
  });

  /** Resolves when it can be asked. */
  static async start(): Promise<NativeLibrary> {
    const library = new NativeLibrary();
    await once(library.#child, 'message');
    return library;
  }

  /** Those that differ, for answers and messages; one for each, for requests. One question at a time. */
  async judge(question: NativeQuestion): Promise<readonly NativeVerdict[]> {
    const stop = new AbortController();
    const { signal } = stop;
    this.#child.send(question);
    const [message] = await Promise.race([
      once(this.#child, 'message', { signal }),
      once(this.#child, 'exit', { signal }).then(([code]) => {
        throw new Error(`The native library ended with ${code}.`);
      }),
    ]).finally(() => stop.abort());
    if ('error' in message) {
      throw new Error(message.error);
    }
    return message.verdicts;
  }

  stop(): void {
    this.#child.disconnect();
  }
}
