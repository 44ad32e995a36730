// Hot path: a build publishes the same content again and again; to read, sort and hash it costs as much as all the rest of publishing.
import { createHash } from 'node:crypto';
import { contentSha, documentSha, type JsonValue, nameInContent } from '@concordat/domain';

/** A pact as it was sent, checked to be JSON. */
export interface SentContent {
  /** By which the broker knows the content. */
  readonly sha: string;
  /** The names the content itself claims. */
  readonly consumer: string | undefined;
  readonly provider: string | undefined;
  /** Read when it is asked for. */
  readonly document: () => JsonValue;
  /** The sha of what becomes of the content when it is merged. */
  readonly identify: Identify;
}

type Identify = (document: JsonValue) => string;
type Identity = Omit<SentContent, 'document' | 'identify'>;

const CAPACITY = 10_000;

/** Remembers what documents were found to be, by the SHA-256 of how they were sent; the ones used longest ago are forgotten. */
export class KnownContent {
  readonly #capacity: number;
  readonly #identify: Identify;
  readonly #identities = new Map<string, Identity>();

  /** Contents are the same when their interactions are, unless all of the document is said to count. */
  constructor(
    options: { readonly capacity?: number; readonly identifiesByPromises?: boolean } = {},
  ) {
    this.#capacity = options.capacity ?? CAPACITY;
    const shaOf = options.identifiesByPromises === false ? documentSha : contentSha;
    this.#identify = (document) => shaOf(document, sha1);
  }

  /** `read` is asked for the document of what was never seen, and answers undefined for what is no document at all. */
  recall(sent: string, read: () => JsonValue | undefined): SentContent | undefined {
    const key = createHash('sha256').update(sent).digest('base64');
    const known = this.#identities.get(key);
    if (known !== undefined) {
      this.#remember(key, known);
      return { ...known, identify: this.#identify, document: () => expected(read()) };
    }
    const document = read();
    if (document === undefined) return undefined;
    const identity = this.#identityOf(document);
    this.#remember(key, identity);
    return { ...identity, identify: this.#identify, document: () => document };
  }

  #identityOf(document: JsonValue): Identity {
    return {
      sha: this.#identify(document),
      consumer: detached(nameInContent(document, 'consumer')),
      provider: detached(nameInContent(document, 'provider')),
    };
  }

  #remember(key: string, identity: Identity): void {
    this.#identities.delete(key);
    this.#identities.set(key, identity);
    if (this.#identities.size <= this.#capacity) return;
    const [oldest = key] = this.#identities.keys();
    this.#identities.delete(oldest);
  }
}

/** SHA-1 names content as the broker does; it protects nothing. */
export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** A part of a text keeps the whole text in memory; a copy does not. */
function detached(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text, 'utf16le').toString('utf16le');
}

function expected(document: JsonValue | undefined): JsonValue {
  if (document === undefined) throw new Error('Content that was read once cannot be read again.');
  return document;
}
