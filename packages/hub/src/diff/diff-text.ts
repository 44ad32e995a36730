import { contentDiff, documentDiff, type JsonValue, parseJson, timeAgo } from '@concordat/domain';
import { pathTo } from '../http/hal.ts';
import type { ComparedPact } from './compared-pact-store.ts';

export interface Comparison {
  /** The one the URL begins with. */
  readonly pact: ComparedPact;
  readonly other: ComparedPact;
  readonly baseUrl: string;
  readonly now: Date;
  /** Compares the whole documents, with their ids and metadata, instead of what is promised. */
  readonly isRaw: boolean;
}

/** The comparison as people read it: from the earlier consumer version to the later, then where to find both. */
export function diffText(comparison: Comparison): string {
  const { pact, other, baseUrl, now } = comparison;
  const [earlier, later] = pact.versionId < other.versionId ? [pact, other] : [other, pact];
  const diff = changes(earlier, later, comparison.isRaw);
  const between = `versions ${earlier.version} and ${later.version} of the pact between ${pact.consumer} and ${pact.provider}`;
  const published = new Date(later.createdAt);
  const body =
    diff === ''
      ? `There is no difference between ${between}.`
      : `The following changes were made ${timeAgo(published, now)} (${dateText(published)})\n\n${diff}`;
  const links = [
    ...yamlLink('pact-version', pact, baseUrl),
    ...yamlLink('comparison-pact-version', other, baseUrl),
  ];
  return `# Diff between ${between}\n\n${body}\n\n## Links\n\n${links.join('\n')}\n`;
}

export function noPreviousText(pact: ComparedPact): string {
  return `No previous distinct version was found for ${nameOf(pact)}`;
}

function changes(earlier: ComparedPact, later: ComparedPact, isRaw: boolean): string {
  const [before, after] = [json(earlier.content), json(later.content)];
  if (isRaw) return documentDiff(before, after);
  return earlier.sha === later.sha ? '' : contentDiff(before, after);
}

function json(text: string): JsonValue {
  const result = parseJson(text);
  if (result.ok) return result.value;
  throw new Error(`A stored pact is no JSON: ${result.defect.message}`);
}

/** `Sat 21 Nov 2026, 3:41pm +00:00`. */
function dateText(date: Date): string {
  const [weekday = '', day, month, year] = date.toUTCString().replace(',', '').split(' ');
  const hours = date.getUTCHours();
  const clock = `${hours % 12 || 12}:${String(date.getUTCMinutes()).padStart(2, '0')}`;
  return `${weekday} ${day} ${month} ${year}, ${clock}${hours < 12 ? 'am' : 'pm'} +00:00`;
}

function nameOf({ consumer, version, provider }: ComparedPact): string {
  return `Pact between ${consumer} (${version}) and ${provider}`;
}

function yamlLink(key: string, pact: ComparedPact, baseUrl: string): readonly string[] {
  const { provider, consumer, version } = pact;
  const path = pathTo('pacts', 'provider', provider, 'consumer', consumer, 'version', version);
  return [
    `${key}:`,
    '  title: Pact',
    `  name: ${yamlText(nameOf(pact))}`,
    `  href: ${baseUrl}${path}`,
  ];
}

/** In quotes where YAML would read something else than the text. */
function yamlText(text: string): string {
  const isPlain = !/: |:$| #|[\p{Cc}]|\s$/u.test(text);
  return isPlain ? text : JSON.stringify(text);
}
