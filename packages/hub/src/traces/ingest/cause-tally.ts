import type { CallCause } from '@concordat/domain';

type Counted = { -readonly [K in keyof CallCause]: CallCause[K] };

const minuteMicros = 60_000_000;
/** Distinct causes between two takes; what is beyond them is told one by one. */
const maxDistinct = 10_000;

/** Causes that are alike and of one minute, told as one with their weights added up: most of them are alike. */
export class CauseTally {
  readonly #byKey = new Map<string, Counted>();
  #more: CallCause[] = [];

  add(causes: readonly CallCause[]): void {
    for (const cause of causes) this.#add(cause);
  }

  take(): readonly CallCause[] {
    const taken = [...this.#byKey.values(), ...this.#more];
    this.#byKey.clear();
    this.#more = [];
    return taken;
  }

  #add(cause: CallCause): void {
    const { service, environment, inbound, outbound, atMicros } = cause;
    const minute = Math.floor(atMicros / minuteMicros);
    const key = `${service}\n${environment}\n${inbound.kind}\n${inbound.operation}\n${outbound.service}\n${outbound.operation}\n${outbound.transport}\n${minute}`;
    const known = this.#byKey.get(key);
    if (known === undefined) {
      if (this.#byKey.size < maxDistinct) this.#byKey.set(key, { ...cause });
      else this.#more.push(cause);
      return;
    }
    known.weight += cause.weight;
    if (atMicros < known.atMicros) return;
    known.atMicros = atMicros;
    known.traceId = cause.traceId;
  }
}
