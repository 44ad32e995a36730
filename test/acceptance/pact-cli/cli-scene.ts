import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, aContract, aPact, ask } from '../publishing.ts';
import type { Reachable } from '../webhook-target.ts';
import { type CliResult, pactCli } from './pact-cli.ts';

/** One run of a command of the official CLI, and what it must leave behind. */
export interface CliCase {
  readonly title: string;
  readonly prepare?: (scene: CliScene) => Promise<unknown>;
  readonly run: (scene: CliScene) => readonly string[];
  /** 0 when not given. */
  readonly code?: number;
  readonly says?: (scene: CliScene) => readonly string[];
  /** What the hub knows afterwards, beside what it should know. */
  readonly leaves?: (scene: CliScene, result: CliResult) => Promise<readonly [unknown, unknown]>;
}

/** Names of its own on a hub that is shared, so that no case sees another's, and the means to prepare one. */
export class CliScene {
  readonly consumer: string;
  readonly provider: string;
  readonly environment: string;
  readonly folder: string;
  readonly #hub: Reachable;

  constructor(hub: Reachable, place: { readonly folder: string; readonly number: number }) {
    this.#hub = hub;
    this.consumer = `web-${place.number}`;
    this.provider = `shop-${place.number}`;
    this.environment = `place-${place.number}`;
    this.folder = join(place.folder, String(place.number));
  }

  get url(): string {
    return this.#hub.url;
  }

  cli(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
    const here = { PACT_BROKER_BASE_URL: this.#hub.url, HOME: this.folder, ...env };
    return pactCli(command, { env: here, folder: this.folder });
  }

  ask(target: string, json?: unknown): Promise<Answer> {
    return ask(this.#hub, target, json === undefined ? {} : { json });
  }

  async setUp(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  pact(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const { consumer, provider } = this;
    return aPact({ consumer: { name: consumer }, provider: { name: provider }, ...changes });
  }

  /** Writes a pact where the CLI runs. */
  async writesPact(changes: Readonly<Record<string, unknown>> = {}, file = 'pact.json') {
    await writeFile(join(this.folder, file), JSON.stringify(this.pact(changes)));
  }

  async publishes(
    number: string,
    where: { readonly branch?: string; readonly tags?: readonly string[] } = {},
    changes: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const names = { consumerName: this.consumer, providerName: this.provider };
    await this.#done('POST /contracts/publish', {
      pacticipantName: this.consumer,
      pacticipantVersionNumber: number,
      contracts: [aContract(names, JSON.stringify(this.pact(changes)))],
      ...where,
    });
  }

  /** A provider version says that what a consumer version promises itself works, or not. */
  async verifies(consumerVersion: string, providerVersion: string, success = true): Promise<void> {
    const pair = `/pacts/provider/${this.provider}/consumer/${this.consumer}`;
    const pact = await this.ask(`GET ${pair}/version/${encodeURIComponent(consumerVersion)}`);
    const { href } = pact.body._links['pb:publish-verification-results'];
    const result = { success, providerApplicationVersion: providerVersion };
    await this.#done(`POST ${new URL(href).pathname}`, result);
  }

  /** The scene's environment; answers its uuid. */
  async environmentExists(): Promise<string> {
    const created = await this.#done('POST /environments', {
      name: this.environment,
      production: false,
    });
    return created.body.uuid;
  }

  async environmentUuid(name = this.environment): Promise<string | undefined> {
    const list = await this.ask('GET /environments');
    const found = list.body._embedded.environments.find(
      (each: { readonly name: string }) => each.name === name,
    );
    return found?.uuid;
  }

  async deploys(pacticipant: string, version: string, instance?: string): Promise<void> {
    await this.#arrives('deployed-versions', {
      pacticipant,
      version,
      ...(instance === undefined ? {} : { instance }),
    });
  }

  async releases(pacticipant: string, version: string): Promise<void> {
    await this.#arrives('released-versions', { pacticipant, version });
  }

  /** Version and instance of what runs in the scene's environment, sorted. */
  async deployed(): Promise<readonly string[]> {
    return this.#inEnvironment('deployed-versions/currently-deployed', 'deployedVersions');
  }

  async released(): Promise<readonly string[]> {
    return this.#inEnvironment('released-versions/currently-supported', 'releasedVersions');
  }

  async #inEnvironment(path: string, list: string): Promise<readonly string[]> {
    const uuid = await this.environmentUuid();
    const { body } = await this.ask(`GET /environments/${uuid}/${path}`);
    const rows: readonly {
      readonly applicationInstance?: string;
      readonly _embedded: { readonly version: { readonly number: string } };
    }[] = body._embedded[list];
    return rows
      .map(({ applicationInstance = '', _embedded }) =>
        `${_embedded.version.number} ${applicationInstance}`.trim(),
      )
      .sort();
  }

  async #arrives(
    kind: string,
    what: { readonly pacticipant: string; readonly version: string; readonly instance?: string },
  ): Promise<void> {
    const uuid = await this.environmentUuid();
    const version = `/pacticipants/${what.pacticipant}/versions/${encodeURIComponent(what.version)}`;
    const body = what.instance === undefined ? {} : { applicationInstance: what.instance };
    await this.#done(`POST ${version}/${kind}/environment/${uuid}`, body);
  }

  async #done(target: string, json: unknown): Promise<Answer> {
    const answer = await this.ask(target, json);
    if (answer.status >= 300) throw new Error(`${target}: ${answer.status} ${answer.text}`);
    return answer;
  }
}
