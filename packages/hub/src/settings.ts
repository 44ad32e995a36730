import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AccessToken, type BasicUser, parseTokens } from './auth/credentials.ts';
import type { HubFlags } from './config.ts';

/** Reads single settings and collects what is wrong with them. */
export class Settings {
  readonly defects: string[] = [];
  readonly #flags: HubFlags;
  readonly #env: NodeJS.ProcessEnv;

  constructor(input: { readonly flags: HubFlags; readonly env: NodeJS.ProcessEnv }) {
    this.#flags = input.flags;
    this.#env = input.env;
  }

  variable(name: string): string | undefined {
    return this.#env[`CONCORDAT_${name}`] || this.#env[`PACT_BROKER_${name}`] || undefined;
  }

  text(flag: keyof HubFlags | undefined, name: string): string | undefined {
    return (flag && this.#flags[flag]) || this.variable(name);
  }

  port(flag: keyof HubFlags | undefined, name: string): number | undefined {
    const value = this.text(flag, name);
    if (value === undefined) return undefined;
    const port = Number(value);
    if (/^\d+$/.test(value) && port <= 65_535) return port;
    this.defects.push(`${name} is '${value}'; give a port from 0 to 65535, 0 for a free one.`);
    return undefined;
  }

  /** `off` is no port; `otherwise` is what holds when nothing is said. */
  optionalPort<T extends number | undefined>(
    flag: keyof HubFlags | undefined,
    name: string,
    otherwise: T,
  ): number | T | undefined {
    if (this.text(flag, name) === 'off') return undefined;
    return this.port(flag, name) ?? otherwise;
  }

  url(
    flag: keyof HubFlags | undefined,
    name: string,
    schemes: readonly string[],
  ): string | undefined {
    const value = this.text(flag, name);
    if (value === undefined || (URL.canParse(value) && schemes.includes(new URL(value).protocol))) {
      return value;
    }
    this.defects.push(
      `${name} is not a URL that starts with ${schemes.map((s) => `${s}//`).join(' or ')}.`,
    );
    return undefined;
  }

  baseUrls(): readonly string[] {
    const urls = (this.variable('BASE_URLS') ?? this.variable('BASE_URL') ?? '')
      .split(/\s+/)
      .filter((url) => url !== '');
    for (const url of urls) {
      if (!URL.canParse(url) || !/^https?:/.test(url)) {
        this.defects.push(
          `BASE_URL contains '${url}'; give http:// or https:// URLs with spaces between.`,
        );
      }
    }
    return urls.map((url) => url.replace(/\/+$/, ''));
  }

  /** A list with spaces between; empty when not given and nothing else is said. */
  words(name: string, otherwise: readonly string[] = []): readonly string[] {
    const words = (this.variable(name) ?? '').split(/\s+/).filter((word) => word !== '');
    return words.length === 0 ? otherwise : words;
  }

  hours(flag: keyof HubFlags | undefined, name: string): number | undefined {
    const value = this.text(flag, name);
    if (value === undefined) return undefined;
    const match = /^(\d+)(h|d)$/.exec(value);
    const hours = Number(match?.[1]) * (match?.[2] === 'd' ? 24 : 1);
    if (hours > 0) return hours;
    this.defects.push(`${name} is '${value}'; give hours or days, such as 72h or 7d.`);
    return undefined;
  }

  whole(name: string): number | undefined {
    const value = this.variable(name);
    if (value === undefined) return undefined;
    if (/^\d{1,9}$/.test(value)) return Number(value);
    this.defects.push(`${name} is '${value}'; give a whole number.`);
    return undefined;
  }

  /** A whole number of seconds from 1 to 600. */
  seconds(name: string, otherwise: number): number {
    const value = this.variable(name);
    if (value === undefined) return otherwise;
    if (/^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 600) return Number(value);
    this.defects.push(`${name} is '${value}'; give whole seconds from 1 to 600.`);
    return otherwise;
  }

  /** PEM texts from `NAME__0__CONTENT` or the file `NAME__0__PATH`, then 1 and so on, as the broker numbers them. */
  certificates(name: string): readonly string[] {
    const found: string[] = [];
    for (let index = 0; ; index += 1) {
      const prefix = `${name}__${index}__`;
      const content = this.variable(`${prefix}CONTENT`)?.replaceAll('\\n', '\n');
      const path = this.variable(`${prefix}PATH`);
      if (content === undefined && path === undefined) return found;
      const [source, text] =
        path === undefined
          ? [`${prefix}CONTENT`, content]
          : [`${prefix}PATH`, this.#file(`${prefix}PATH`, path)];
      if (text === undefined) continue;
      if (isCertificate(text)) found.push(text);
      else this.defects.push(`${source} is no certificate in PEM form.`);
    }
  }

  numbers(name: string, otherwise: readonly number[]): readonly number[] {
    const words = this.words(name);
    if (words.every((word) => /^\d{1,6}$/.test(word))) {
      return words.length === 0 ? otherwise : words.map(Number);
    }
    this.defects.push(`${name} is '${words.join(' ')}'; give whole numbers with spaces between.`);
    return otherwise;
  }

  /** A JSON value; undefined when not given. */
  json(name: string): unknown {
    return this.#parsed(name, this.variable(name));
  }

  /** The JSON value in a file; undefined when none is given. */
  jsonFile(name: string): unknown {
    const path = this.variable(name);
    return this.#parsed(name, path === undefined ? undefined : this.#file(name, path));
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.variable(name)?.toLowerCase();
    if (value === undefined) return otherwise;
    if (['true', '1', 'yes', 'on'].includes(value)) return true;
    if (['false', '0', 'no', 'off'].includes(value)) return false;
    this.defects.push(`${name} is '${value}'; give true or false.`);
    return otherwise;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.variable(name)?.toLowerCase();
    const found = allowed.find((candidate) => candidate === value);
    if (value !== undefined && found === undefined) {
      this.defects.push(`${name} is '${value}'; give one of ${allowed.join(', ')}.`);
    }
    return found;
  }

  user(prefix: string): BasicUser | undefined {
    const username = this.variable(`${prefix}_USERNAME`);
    const password = this.variable(`${prefix}_PASSWORD`);
    if (username === undefined && password === undefined) return undefined;
    if (username !== undefined && password !== undefined) return { username, password };
    const missing = username === undefined ? 'USERNAME' : 'PASSWORD';
    this.defects.push(`${prefix}_${missing} is missing; a user needs a name and a password.`);
    return undefined;
  }

  tokens(): readonly AccessToken[] {
    const inline = parseTokens(this.variable('TOKENS') ?? '');
    const file = parseTokens(this.#tokensFile());
    const defects = [...inline.defects, ...file.defects];
    this.defects.push(...defects.map((defect) => `TOKENS: ${defect}`));
    return [...inline.tokens, ...file.tokens];
  }

  #parsed(name: string, text: string | undefined): unknown {
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      this.defects.push(`${name} is no JSON: ${(error as Error).message}.`);
      return undefined;
    }
  }

  #tokensFile(): string {
    const path = this.variable('TOKENS_FILE');
    return path === undefined ? '' : (this.#file('TOKENS_FILE', path) ?? '');
  }

  #file(name: string, path: string): string | undefined {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      this.defects.push(`${name} '${path}' cannot be read.`);
      return undefined;
    }
  }
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0;
  } catch {
    return false;
  }
}
