import type { WebhookRules } from '@concordat/domain';
import { AllowedHosts } from './allowed-hosts.ts';
import type { WebhookConfig } from './webhook-config.ts';

const KNOWN_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const MORE = 'See /doc/webhooks#whitelist for more information.';

/** What webhooks of this hub may do, asked when one is described and again when it is executed. */
export class WebhookPolicy {
  readonly config: WebhookConfig;
  readonly hosts: AllowedHosts;

  constructor(config: WebhookConfig) {
    this.config = config;
    this.hosts = new AllowedHosts(config.hosts);
  }

  /** The rules for reading a webhook, where these names are those of pacticipants. */
  rules(pacticipants: ReadonlySet<string>): WebhookRules {
    return {
      isPacticipant: (name) => pacticipants.has(name),
      methodDefects: (method) => this.#methodDefects(method.toUpperCase()),
      urlDefects: (url) => this.urlDefects(url),
    };
  }

  /** What keeps the URL from being called; its path may have template parameters, its host may not. */
  urlDefects(text: string): readonly string[] {
    const { schemes, hosts } = this.config;
    if (/^[^/]*\/\/[^/?#]*\$\{/.test(text)) return ['cannot have a template parameter in the host'];
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || url.hostname === '') {
      return ['is not a valid URL eg. http://example.org'];
    }
    if (!schemes.includes(url.protocol.slice(0, -1))) {
      return [`scheme must be ${schemes.join(', ')}. ${MORE}`];
    }
    if (this.hosts.allows(hostOf(url))) return [];
    return this.hosts.hasList
      ? [`host must be in the whitelist ${hosts.join(', ')}. ${MORE}`]
      : [`host is a private address, and no whitelist allows it. ${MORE}`];
  }

  #methodDefects(method: string): readonly string[] {
    if (!KNOWN_METHODS.includes(method)) return ['is not a recognised HTTP method'];
    const { methods } = this.config;
    return methods.includes(method) ? [] : [`must be ${methods.join(', ')}. ${MORE}`];
  }
}

/** The host without the brackets that URLs put around IPv6 addresses. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
