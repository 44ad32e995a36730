import { pathTo } from '../http/hal.ts';
import type { StoredIntegration } from './integration-store.ts';

type Names = Pick<StoredIntegration, 'consumer' | 'provider'>;

/** An integration as the broker shows it; the matrix link is relative there, and clients know it so. */
export function integrationBody({ consumer, provider }: Names, baseUrl: string): object {
  const pair = pathTo('provider', provider, 'consumer', consumer);
  return {
    consumer: { name: consumer },
    provider: { name: provider },
    _links: {
      'pb:dashboard': {
        title: 'BETA: Pacts to show on the dashboard',
        href: `${baseUrl}/dashboard${pair}`,
      },
      'pb:matrix': {
        title: `Matrix of pacts/verification results for ${consumer} and ${provider}`,
        href: `/matrix${pair}`,
      },
      'pb:group': { href: `${baseUrl}${pathTo('pacticipants', consumer)}` },
      'pb:delete_integration': {
        title: `Delete the integration between ${consumer} and ${provider}`,
        href: `${baseUrl}/integrations${pair}`,
      },
    },
  };
}

const GRAPH =
  'ranksep=3; ratio=auto; overlap=false; node [  shape = plaintext, fontname = Helvetica ];';
const PLAIN_ID = /^[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*$/;

/** The integrations as a graph that Graphviz draws. */
export function integrationsDot(integrations: readonly Names[]): string {
  const edges = integrations.map(
    ({ consumer, provider }) => `  ${dotId(consumer)} -> ${dotId(provider)}`,
  );
  return `digraph { ${GRAPH}\n${edges.join('\n')}\n}\n`;
}

/** Quoted unless it is a plain word: `store-front` would be a syntax error. */
function dotId(name: string): string {
  if (PLAIN_ID.test(name) && !/^(graph|digraph|subgraph|node|edge|strict)$/i.test(name))
    return name;
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
