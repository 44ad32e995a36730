import { type ExactAnswer, type ExactRequest, send } from '../exact-request.ts';
import { anInteraction } from '../publishing.ts';
import type { TestHub } from '../start-hub.ts';

/** What the Ruby command line sends, what must be so before, and what it reads from the answer. */
export interface RubyExchange {
  readonly title: string;
  readonly given?: (scene: RubyScene) => Promise<unknown>;
  readonly request: (scene: RubyScene) => ExactRequest;
  readonly status: number;
  readonly reads?: (scene: RubyScene) => object;
}

export const HAL = { Accept: 'application/hal+json' };
const JSON_SENT = { ...HAL, 'Content-Type': 'application/json' };

/** A hub that is emptied before each exchange, and what an exchange needs in it. */
export class RubyScene {
  readonly #hub: TestHub;
  readonly #known = new Map<string, string>();

  constructor(hub: TestHub) {
    this.#hub = hub;
  }

  send(request: ExactRequest): Promise<ExactAnswer> {
    return send(this.#hub, request);
  }

  /** The uuid that something was given when it was made. */
  uuid(name: string): string {
    return this.#known.get(name) ?? '';
  }

  async empty(): Promise<void> {
    const { body } = await this.send({ method: 'GET', path: '/pacticipants', headers: HAL });
    const environments = await this.send({ method: 'GET', path: '/environments', headers: HAL });
    const webhooks = await this.send({ method: 'GET', path: '/webhooks', headers: HAL });
    const links: readonly { readonly href: string }[] = [
      ...webhooks.body._links['pb:webhooks'],
      ...environments.body._links['pb:environments'],
      ...body._links.pacticipants,
    ];
    for (const { href } of links) {
      await this.send({ method: 'DELETE', path: new URL(href).pathname, headers: HAL });
    }
    this.#known.clear();
  }

  pacticipant(name: string): Promise<ExactAnswer> {
    return this.#done('POST', '/pacticipants', { name, repositoryUrl: `http://git/${name}` });
  }

  /** Published as older versions of the command line do it. */
  async pact(names = 'Condor, Pricing Service, 1.3.0', tag?: string): Promise<void> {
    const [consumer = '', provider = '', version = ''] = names.split(', ');
    const pair = `/pacts/provider/${encode(provider)}/consumer/${encode(consumer)}`;
    await this.#done('PUT', `${pair}/version/${version}`, {
      consumer: { name: consumer },
      provider: { name: provider },
      interactions: [anInteraction({ description: version })],
    });
    if (tag !== undefined) await this.tag(consumer, version, tag);
  }

  tag(pacticipant: string, version: string, tag: string): Promise<ExactAnswer> {
    return this.#done(
      'PUT',
      `/pacticipants/${encode(pacticipant)}/versions/${version}/tags/${tag}`,
      {},
    );
  }

  async verified(names: string, providerVersion: string, success = true): Promise<void> {
    const [consumer = '', provider = '', version = ''] = names.split(', ');
    await this.pact(names);
    const pair = `/pacts/provider/${encode(provider)}/consumer/${encode(consumer)}`;
    const path = `${pair}/version/${version}`;
    const { body } = await this.send({ method: 'GET', path, headers: HAL });
    const { pathname } = new URL(body._links['pb:publish-verification-results'].href);
    await this.#done('POST', pathname, { success, providerApplicationVersion: providerVersion });
  }

  async environment(name: string): Promise<void> {
    const made = await this.#done('POST', '/environments', {
      name,
      displayName: `The ${name}`,
      production: false,
      contacts: [{ name: 'Team', details: { emailAddress: 'a@b.c' } }],
    });
    this.#known.set(name, made.body.uuid);
  }

  async deployed(pacticipant: string, version: string, environment: string): Promise<void> {
    const path = `/pacticipants/${pacticipant}/versions/${version}/deployed-versions/environment`;
    const target = { applicationInstance: 'customer-1', target: 'customer-1' };
    const made = await this.#done('POST', `${path}/${this.uuid(environment)}`, target);
    this.#known.set('deployed', made.body.uuid);
  }

  async #done(method: string, path: string, json: unknown): Promise<ExactAnswer> {
    const body = JSON.stringify(json);
    const answer = await this.send({ method, path, headers: JSON_SENT, body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }
}

function encode(name: string): string {
  return encodeURIComponent(name);
}

/** A request that reads. */
export function get(path: string, headers: ExactRequest['headers'] = HAL): ExactRequest {
  return { method: 'GET', path, headers };
}

/** A request that writes JSON. */
export function sends(words: string, json: unknown, headers = JSON_SENT): ExactRequest {
  const [method = '', path = ''] = words.split(' ');
  return { method, path, headers, body: JSON.stringify(json) };
}
