import { useCallback, useEffect, useMemo, useState } from 'react';
import type { HubClient } from '../data/hub-client.ts';
import { followHub, News, NewsContext } from '../data/news.ts';
import { documentVisibility, pollEvery, pollLive, useResource } from '../data/use-resource.ts';
import { DeploymentsView } from '../deployments/deployments-view.tsx';
import { FindingsView } from '../findings/findings-view.tsx';
import { IntegrationView } from '../integration/integration-view.tsx';
import { InteractionsView } from '../interactions/interactions-view.tsx';
import { environmentsOf } from '../map/map-filter.ts';
import { MapView } from '../map/map-view.tsx';
import { MonitorView } from '../monitor/monitor-view.tsx';
import { ServiceView } from '../monitor/service-view.tsx';
import { ComparisonView } from '../traces/comparison-view.tsx';
import { TraceView } from '../traces/trace-view.tsx';
import { TracesView } from '../traces/traces-view.tsx';
import { KeyDialog } from './key-dialog.tsx';
import type { Command } from './keys.ts';
import { hrefTo, type Place, SurroundingsContext } from './place.ts';
import type { Route } from './routes.ts';
import { MissingView, Shell } from './shell.tsx';
import { focusRow, focusSearch, useKeys, useNow } from './use-keys.ts';
import { usePlaceOfWindow } from './use-place.ts';

interface AppProps {
  /** Path the page is mounted at, ending in `/`. */
  readonly base: string;
  /** The hub's root, ending in `/`. */
  readonly hub: string;
  readonly client: HubClient;
}

/** The page, its views kept fresh by one stream of the hub's news. */
export function App(props: AppProps) {
  const { client } = props;
  const [news] = useState(() => new News());
  useEffect(
    () =>
      followHub({
        open: () => client.stream(),
        visibility: documentVisibility,
        onNews: () => news.tell(),
      }),
    [client, news],
  );
  return (
    <NewsContext value={news}>
      <Page {...props} />
    </NewsContext>
  );
}

/** Shell, keys, and the view that the address names. */
function Page({ base, hub, client }: AppProps) {
  const place = usePlaceOfWindow(base, hub);
  const now = useNow(5000);
  const [keysShown, showKeys] = useState(false);
  const onCommand = useCallback(
    (command: Command) => runCommand(command, place, () => showKeys((shown) => !shown)),
    [place],
  );
  const { takeCommands } = useKeys(onCommand);
  const environment = place.query.get('env') ?? '';
  const summary = useResource('summary', () => client.summary(), pollLive);
  const edges = useResource(`edges ${environment}`, () => client.edges(environment), pollLive);
  const every = useResource(
    environment === '' ? undefined : 'edges of every environment',
    () => client.edges(''),
    pollEvery * 12,
  );
  const named = environment === '' ? edges : every;
  const surroundings = useMemo(
    () => ({ place, client, now, takeCommands }),
    [place, client, now, takeCommands],
  );
  useEffect(() => {
    document.title = titleOf(place.route);
  }, [place.route]);
  return (
    <SurroundingsContext value={surroundings}>
      <Shell
        summary={summary}
        edges={edges}
        environments={named.kind === 'ready' ? environmentsOf(named.value) : []}
        onKeyList={() => showKeys(true)}
      >
        <View route={place.route} edges={edges} />
      </Shell>
      {keysShown && <KeyDialog onClose={() => showKeys(false)} />}
    </SurroundingsContext>
  );
}

function View({ route, edges }: { readonly route: Route } & Parameters<typeof MapView>[0]) {
  switch (route.view) {
    case 'map':
      return <MapView edges={edges} />;
    case 'findings':
      return <FindingsView />;
    case 'deployments':
      return <DeploymentsView />;
    case 'integration':
      return <IntegrationView consumer={route.consumer} provider={route.provider} />;
    case 'interactions':
      return <InteractionsView />;
    case 'traces':
      return <TracesView />;
    case 'trace':
      return <TraceView key={route.traceId} traceId={route.traceId} />;
    case 'comparison':
      return <ComparisonView {...route} key={`${route.first} ${route.second}`} />;
    case 'monitor':
      return <MonitorView />;
    case 'service':
      return <ServiceView key={route.service} service={route.service} />;
    case 'missing':
      return <MissingView path={route.path} />;
  }
}

const destinations: Readonly<Partial<Record<Command, Route>>> = {
  'go-map': { view: 'map' },
  'go-findings': { view: 'findings' },
  'go-deployments': { view: 'deployments' },
  'go-interactions': { view: 'interactions' },
  'go-monitor': { view: 'monitor' },
  'go-traces': { view: 'traces' },
};

/** What a key does when no view took it. */
export function runCommand(command: Command, place: Place, toggleKeys: () => void): void {
  const destination = destinations[command];
  if (destination !== undefined) place.go(hrefTo(place, destination), 'push');
  else if (command === 'next-row') focusRow(1);
  else if (command === 'previous-row') focusRow(-1);
  else if (command === 'search') focusSearch();
  else if (command === 'key-list') toggleKeys();
}

/** The window's title for a route. */
export function titleOf(route: Route): string {
  switch (route.view) {
    case 'integration':
      return `${route.consumer} → ${route.provider} · Concordat`;
    case 'trace':
      return `Trace ${route.traceId.slice(0, 8)} · Concordat`;
    case 'comparison':
      return `Traces ${route.first.slice(0, 8)} and ${route.second.slice(0, 8)} · Concordat`;
    case 'service':
      return `${route.service} · Concordat`;
    case 'missing':
      return 'Concordat';
    default:
      return `${route.view.charAt(0).toUpperCase()}${route.view.slice(1)} · Concordat`;
  }
}
