import {
  type DescribedInteraction,
  type DescribedPart,
  describeInteractions,
  indentJson,
  parseJson,
} from '@concordat/domain';
import { escapeHtml, htmlPage } from '../http/html.ts';
import { type PactView, pactUrl, pairUrl } from './pact-resource.ts';

/** Deeper than any pact that the hub takes. */
const MAX_DEPTH = 200;

/** A pact for people: who promises what to whom, each interaction in words, then the content as text, whatever it contains. */
export function pactPage({ pact, content, baseUrl }: PactView): string {
  const links = [
    [pactUrl(pact, baseUrl), 'this pact'],
    [`${pairUrl(pact, baseUrl)}/latest`, 'the latest'],
    [`${pactUrl(pact, baseUrl)}/diff/previous-distinct`, 'what changed'],
    [`${baseUrl}/ui/`, 'all services'],
  ].map(([href = '', text = '']) => `<a href="${escapeHtml(href)}">${text}</a>`);
  const parsed = parseJson(content, MAX_DEPTH);
  const interactions = parsed.ok ? describeInteractions(parsed.value) : [];
  return htmlPage(`Pact between ${pact.consumer} and ${pact.provider}`, [
    `<p>Consumer version ${escapeHtml(pact.version)}, published ${escapeHtml(pact.createdAt)}.</p>`,
    `<p>${links.join(' · ')}</p>`,
    `<ol>${interactions.map(interactionItem).join('\n')}</ol>`,
    '<h2>Content</h2>',
    `<pre>${escapeHtml(indentJson(content))}</pre>`,
  ]);
}

function interactionItem(interaction: DescribedInteraction): string {
  const { description, summary, plugins, markup } = interaction;
  return [
    `<li><h3>${escapeHtml(description === '' ? 'without a description' : description)}</h3>`,
    `<p><code>${escapeHtml(summary)}</code></p>`,
    list(factsOf(interaction)),
    ...interaction.parts.map(partSection),
    ...(markup === undefined ? [] : [`<pre>${escapeHtml(markup.text)}</pre>`]),
    ...plugins.map(({ configuration }) => `<pre>${escapeHtml(configuration)}</pre>`),
    '</li>',
  ].join('\n');
}

function factsOf(interaction: DescribedInteraction): readonly string[] {
  const { providerStates, isPending, comments, plugins } = interaction;
  return [
    ...providerStates.map(({ name, parameters }) => `given ${name} ${parameters ?? ''}`.trim()),
    ...(isPending ? ['pending: it may fail without failing the verification'] : []),
    ...comments,
    ...plugins.map(({ name, version }) => `plugin ${name} ${version ?? ''}`.trim()),
  ];
}

function partSection({ name, headline, headers, body, rules, generators }: DescribedPart): string {
  const title = [name, headline].filter((word) => word !== '').join(' ');
  const lines = headers.map((header) => `${header.name}: ${header.value}`);
  const form = body?.form === 'base64' ? 'binary contents as base64' : 'body';
  return [
    `<h4>${escapeHtml(title)}</h4>`,
    ...(lines.length === 0 ? [] : [`<pre>${escapeHtml(lines.join('\n'))}</pre>`]),
    ...(body === undefined
      ? []
      : [
          `<p>${escapeHtml([form, body.mediaType ?? ''].join(' ').trim())}</p>`,
          `<pre>${escapeHtml(body.text)}</pre>`,
        ]),
    list([
      ...rules.map(({ place, text }) => `${place}: ${text}`),
      ...generators.map(({ place, text }) => `${place} is made by ${text}`),
    ]),
  ].join('\n');
}

function list(items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
}
