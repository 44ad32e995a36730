import { expect } from 'vitest';
import {
  eventSpans,
  otlpBody,
  requestSpans,
  type SeenRequest,
  type Sender,
  type SentSpans,
} from '../../acceptance/observed-traffic.ts';
import type { TestHub } from '../../acceptance/start-hub.ts';

export interface PublishOptions {
  readonly consumer?: string;
  readonly provider?: string;
  readonly version?: string;
  readonly branch?: string;
}

/** What happens in one case: services of its own in production, so that one hub can hold all cases side by side. */
export class Scene {
  readonly name: string;
  readonly consumer: Sender;
  readonly provider: Sender;
  readonly #hub: TestHub;

  constructor(hub: TestHub, name: string) {
    this.#hub = hub;
    this.name = name;
    this.consumer = this.sender('web', 'c1');
    this.provider = this.sender('shop', 'p1');
  }

  /** A service of this case. */
  sender(role: string, version: string, environment = 'production'): Sender {
    return { name: `${this.name} ${role}`, version, environment };
  }

  sees(request: string, more: Partial<SeenRequest> = {}): readonly SentSpans[] {
    const { consumer, provider } = this;
    return requestSpans({ consumer, provider, request, ...more });
  }

  receives(
    event: string,
    more: { readonly consumer?: Sender; readonly provider?: Sender } = {},
  ): readonly SentSpans[] {
    return eventSpans({ consumer: this.consumer, provider: this.provider, event, ...more });
  }

  /** Publishes a pact of the consumer with the provider, from main unless told otherwise. */
  async publish(content: object, options: PublishOptions = {}): Promise<void> {
    const { consumer = this.consumer.name, provider = this.provider.name } = options;
    const { version = 'c1', branch = 'main' } = options;
    const pact = { ...content, consumer: { name: consumer }, provider: { name: provider } };
    await this.ask('POST', '/contracts/publish', {
      pacticipantName: consumer,
      pacticipantVersionNumber: version,
      branch,
      contracts: [
        {
          ...{ consumerName: consumer, providerName: provider, specification: 'pact' },
          contentType: 'application/json',
          content: Buffer.from(JSON.stringify(pact)).toString('base64'),
        },
      ],
    });
  }

  /** Publishes an OpenAPI or AsyncAPI document of the provider. */
  async publishDocument(document: object, version = 'p1'): Promise<void> {
    const path = `/contracts/provider/${encodeURIComponent(this.provider.name)}/version/${version}`;
    await this.ask('PUT', path, document);
  }

  /** Records a version as deployed; it is created where it does not exist. */
  async record(pacticipant: string, version: string, environment = 'production'): Promise<void> {
    const of = `/pacticipants/${encodeURIComponent(pacticipant)}/versions/${version}`;
    await this.ask('PUT', of, {});
    const uuid = await this.#environment(environment);
    await this.ask('POST', `${of}/deployed-versions/environment/${uuid}`, {});
  }

  async ask(method: string, path: string, json?: object): Promise<unknown> {
    const response = await fetch(`${this.#hub.url}${path}`, {
      method,
      headers: {
        accept: 'application/hal+json, application/json',
        'content-type': 'application/json',
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    expect(response.status, `${method} ${path}: ${text}`).toBeLessThan(300);
    return text === '' ? undefined : JSON.parse(text);
  }

  async send(spans: readonly SentSpans[]): Promise<void> {
    const response = await fetch(`${this.#hub.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: otlpBody(spans),
    });
    expect(response.status).toBe(200);
  }

  async #environment(name: string): Promise<string> {
    const answer = (await this.ask('GET', '/environments')) as {
      readonly _embedded: { readonly environments: readonly { uuid: string; name: string }[] };
    };
    const found = answer._embedded.environments.find((environment) => environment.name === name);
    if (found !== undefined) return found.uuid;
    const created = (await this.ask('POST', '/environments', { name, production: false })) as {
      readonly uuid: string;
    };
    return created.uuid;
  }
}

export type { Sender, SentSpans };
