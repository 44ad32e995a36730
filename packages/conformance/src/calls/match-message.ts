import type { MessageExchange } from '@concordat/domain';
import type { MessageInteraction } from '../pact/pact-model.ts';
import { boundedShape } from './http-promise.ts';
import { describesEvent, promisedEvents, sameEvent } from './promised-event.ts';
import type { PromisedInteraction } from './promised-interaction.ts';

/** One message interaction, compiled. */
export interface MessagePromise {
  readonly interaction: PromisedInteraction;
  /** Best first; empty when only the description can tell. */
  readonly events: readonly string[];
}

export function compileMessagePromise(message: MessageInteraction): MessagePromise {
  const events = promisedEvents(message);
  const operation = `send ${events[0] ?? message.description}`;
  return {
    interaction: {
      description: message.description,
      providerStates: message.providerStates,
      transport: 'message',
      operation,
      status: undefined,
      shape: boundedShape(operation),
    },
    events,
  };
}

const MOST_EVENTS = 1000;

/** Which message interactions an observed event is; answers are kept, since events are few and comparing names is not cheap. */
export class MessageMatcher {
  readonly #promises: readonly MessagePromise[];
  readonly #known = new Map<string, readonly PromisedInteraction[]>();

  constructor(promises: readonly MessagePromise[]) {
    this.#promises = promises;
  }

  /** Undefined when the spans carry no name of the event and the destination is none that a pact names: nothing can be said. */
  candidates(exchange: MessageExchange): readonly PromisedInteraction[] | undefined {
    const name = exchange.event ?? exchange.destination;
    const found = this.#named(name, exchange.destination);
    return found.length === 0 && exchange.event === undefined ? undefined : found;
  }

  #named(name: string, destination: string): readonly PromisedInteraction[] {
    const key = `${name}\n${destination}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const found = this.#search(name, destination);
    if (this.#known.size < MOST_EVENTS) {
      this.#known.set(key, found);
    }
    return found;
  }

  #search(name: string, destination: string): readonly PromisedInteraction[] {
    const byName = this.#promises.filter(({ events }) =>
      events.some((event) => sameEvent(event, name)),
    );
    const found = byName.length > 0 ? byName : this.#otherwise(name, destination);
    return found.map(({ interaction }) => interaction);
  }

  /** A pact that names only its topic promises every event there; one that names nothing is asked for its description. */
  #otherwise(name: string, destination: string): readonly MessagePromise[] {
    const byTopic = this.#promises.filter(
      ({ events }) => events.length === 1 && destination !== '' && events[0] === destination,
    );
    return byTopic.length > 0
      ? byTopic
      : this.#promises.filter(
          ({ events, interaction }) =>
            events.length === 0 && name !== '' && describesEvent(interaction.description, name),
        );
  }
}
