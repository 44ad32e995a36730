import { escapeHtml, htmlPage } from '../http/html.ts';
import { type PactView, pactUrl, pairUrl } from './pact-resource.ts';

/** A pact for people: who promises what to whom, then the content as text, whatever it contains. */
export function pactPage({ pact, content, baseUrl }: PactView): string {
  const links = [
    [pactUrl(pact, baseUrl), 'this pact'],
    [`${pairUrl(pact, baseUrl)}/latest`, 'the latest'],
    [`${pactUrl(pact, baseUrl)}/diff/previous-distinct`, 'what changed'],
    [`${baseUrl}/ui/`, 'all services'],
  ].map(([href = '', text = '']) => `<a href="${escapeHtml(href)}">${text}</a>`);
  const promises = promisesIn(content).map((promise) => `<li>${escapeHtml(promise)}</li>`);
  return htmlPage(`Pact between ${pact.consumer} and ${pact.provider}`, [
    `<p>Consumer version ${escapeHtml(pact.version)}, published ${escapeHtml(pact.createdAt)}.</p>`,
    `<p>${links.join(' · ')}</p>`,
    `<ol>${promises.join('\n')}</ol>`,
    '<h2>Content</h2>',
    `<pre>${escapeHtml(indented(content))}</pre>`,
  ]);
}

function promisesIn(content: string): readonly string[] {
  const pact: unknown = JSON.parse(content);
  const { interactions, messages } = { ...(pact as Readonly<Record<string, unknown>> | null) };
  return [interactions, messages]
    .flatMap((items: unknown): readonly unknown[] => (Array.isArray(items) ? items : []))
    .map((item) => {
      const { description } = { ...(item as Readonly<Record<string, unknown>> | null) };
      return typeof description === 'string' ? description : 'without a description';
    });
}

/** Breaks the stored JSON into lines without reading its numbers: those are shown as they came. */
function indented(json: string): string {
  let depth = 0;
  return json.replace(/"(?:[^"\\]|\\.)*"|\[\]|\{\}|[[\]{},:]/g, (token) => {
    if (token === '{' || token === '[') {
      depth += 1;
      return `${token}\n${'  '.repeat(depth)}`;
    }
    if (token === '}' || token === ']') {
      depth -= 1;
      return `\n${'  '.repeat(depth)}${token}`;
    }
    if (token === ',') return `,\n${'  '.repeat(depth)}`;
    return token === ':' ? ': ' : token;
  });
}
