import type { Router } from 'express';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, type Link } from '../http/hal.ts';
import { escapeHtml, htmlPage, pageHeaders } from '../http/html.ts';
import { parameter, resource } from '../http/resource.ts';
import { send } from '../http/send.ts';
import { indexLinks } from './index-links.ts';

const HTML = 'text/html';

/** For people who follow the `curies` of an answer, or a link to the broker's HAL browser: pages without any script. */
export function docRoutes(): Router {
  const router = createRouter();
  resource(router, '/doc/:relation', {
    provides: [HTML],
    GET: (request, response) => {
      const name = parameter(request, 'relation');
      const links = linksOf(baseUrlOf(response));
      const own = links.filter(([relation]) => relation === `pb:${name}` || relation === name);
      const body =
        own.length > 0
          ? [listOf(own)]
          : [
              '<p>Answers that have this relation carry its link, with a title that says what it is.</p>',
            ];
      const text = htmlPage(`Relation ${name}`, [...body, browserLink(baseUrlOf(response))]);
      send(response, { status: 200, type: HTML, text, headers: pageHeaders });
    },
  });
  resource(router, '/hal-browser/browser.html', {
    provides: [HTML],
    GET: (_request, response) => {
      const text = htmlPage('What the API offers', [listOf(linksOf(baseUrlOf(response)))]);
      send(response, { status: 200, type: HTML, text, headers: pageHeaders });
    },
  });
  return router;
}

type NamedLink = readonly [string, Link];

function linksOf(baseUrl: string): readonly NamedLink[] {
  return Object.entries(indexLinks(baseUrl)).flatMap(([relation, links]): readonly NamedLink[] =>
    'href' in links ? [[relation, links]] : links.map((link) => [relation, link]),
  );
}

function listOf(links: readonly NamedLink[]): string {
  const items = links.map(([relation, { href, title, templated }]) => {
    const address = escapeHtml(href);
    const shown =
      templated === true
        ? `<code>${address}</code>`
        : `<a href="${address}"><code>${address}</code></a>`;
    return `<dt>${escapeHtml(relation)}</dt>\n<dd>${escapeHtml(title ?? '')}<br>${shown}</dd>`;
  });
  return `<dl>\n${items.join('\n')}\n</dl>`;
}

function browserLink(baseUrl: string): string {
  return `<p><a href="${escapeHtml(baseUrl)}/hal-browser/browser.html">All relations of the index</a></p>`;
}
