import { halTimestamps } from '../http/hal.ts';
import type { EnvironmentRow } from './environment-store.ts';

/** An environment as every answer shows it. */
export function environmentResource(row: EnvironmentRow, baseUrl: string): object {
  const self = environmentUrl(row, baseUrl);
  return {
    ...environmentSummary(row, baseUrl),
    ...(row.contacts === null ? {} : { contacts: JSON.parse(row.contacts) }),
    _links: {
      self: { title: 'Environment', name: row.name, href: self },
      'pb:currently-deployed-deployed-versions': {
        title: `Versions currently deployed to ${row.display_name} environment`,
        href: `${self}/deployed-versions/currently-deployed`,
      },
      'pb:currently-supported-released-versions': {
        title: `Versions released and supported in ${row.display_name} environment`,
        href: `${self}/released-versions/currently-supported`,
      },
      'pb:environments': { title: 'Environments', href: `${baseUrl}/environments` },
    },
  };
}

/** The short form that a version in the matrix carries. */
export function environmentSummary(row: EnvironmentRow, baseUrl: string): object {
  return {
    uuid: row.uuid,
    name: row.name,
    displayName: row.display_name,
    production: row.production === 1,
    ...halTimestamps(row),
    _links: {
      self: { title: 'Environment', name: row.name, href: environmentUrl(row, baseUrl) },
    },
  };
}

export function environmentUrl(row: { readonly uuid: string }, baseUrl: string): string {
  return `${baseUrl}/environments/${row.uuid}`;
}
