import type { Edge, Summary } from '@concordat/api';
import { type ReactNode, useState } from 'react';
import type { Resource } from '../data/resource.ts';
import { SelectField } from '../parts/fields.tsx';
import { Link } from '../parts/link.tsx';
import { Empty } from '../parts/states.tsx';
import { formatCount } from '../words/format.ts';
import { findingCount, problemCount } from './counts.ts';
import { hrefTo, setQuery, useSurroundings } from './place.ts';
import type { Route } from './routes.ts';
import { SummaryLine } from './summary-line.tsx';
import { applyTheme, readTheme, storeTheme, type Theme, themes } from './theme.ts';

interface ShellProps {
  readonly summary: Resource<Summary>;
  readonly edges: Resource<readonly Edge[]>;
  /** Names to choose from. */
  readonly environments: readonly string[];
  readonly onKeyList: () => void;
  readonly children: ReactNode;
}

/** What surrounds every view: the rail with its counts, the summary line, the environment. */
export function Shell({ summary, edges, environments, onKeyList, children }: ShellProps) {
  const { place } = useSurroundings();
  const environment = place.query.get('env') ?? '';
  return (
    <div className="shell">
      <button
        type="button"
        className="skip"
        onClick={() => document.getElementById('view')?.focus()}
      >
        Skip to the view
      </button>
      <Rail summary={summary} edges={edges} onKeyList={onKeyList} />
      <div className="page">
        <header className="top">
          <SummaryLine summary={summary} />
          <SelectField
            label="Environment"
            value={environment}
            options={[
              ['', 'All environments'],
              ...environments.map((name) => [name, name] as const),
            ]}
            onChange={(env) => setQuery(place, { env, edge: undefined }, 'push')}
          />
        </header>
        <main id="view" className={`view view-${place.route.view}`} tabIndex={-1}>
          {children}
        </main>
      </div>
    </div>
  );
}

function Rail({ summary, edges, onKeyList }: Pick<ShellProps, 'summary' | 'edges' | 'onKeyList'>) {
  const { place } = useSurroundings();
  const problems = edges.kind === 'ready' ? problemCount(edges.value) : undefined;
  const findings = summary.kind === 'ready' ? findingCount(summary.value) : undefined;
  return (
    <nav className="rail" aria-label="Views">
      <Link
        to={hrefTo(place, { view: 'map' })}
        className="brand"
        label="Concordat: contracts, kept"
      >
        <Brand />
        <span className="brand-name">Concordat</span>
        <span className="brand-line">Contracts, kept.</span>
      </Link>
      <ul className="rail-links">
        <RailLink
          to={{ view: 'map' }}
          name="Map"
          icon={mapIcon}
          count={problems}
          unit="integrations with a problem"
        />
        <RailLink
          to={{ view: 'findings' }}
          name="Findings"
          icon={findingsIcon}
          count={findings}
          unit="open findings"
        />
        <RailLink to={{ view: 'deployments' }} name="Deployments" icon={deploymentsIcon} />
        <RailLink to={{ view: 'interactions' }} name="Interactions" icon={interactionsIcon} />
        <RailLink to={{ view: 'monitor' }} name="Monitor" icon={monitorIcon} />
        <RailLink to={{ view: 'traces' }} name="Traces" icon={tracesIcon} />
      </ul>
      <div className="rail-foot">
        <ThemeChoice />
        <button type="button" className="button button-quiet" onClick={onKeyList}>
          <kbd>?</kbd> <span className="rail-word">Keys</span>
        </button>
      </div>
    </nav>
  );
}

const mapIcon = 'M3 5h5v4H3zM12 3h5v4h-5zM12 13h5v4h-5zM8 7h2.5M10.5 5v10M10.5 5H12M10.5 15H12';
const findingsIcon = 'M10 3 17.5 16.5H2.5ZM10 8.2v4M10 14.2v.3';
const deploymentsIcon = 'M3 4h14v5H3zM3 11h14v5H3zM6 6.5h.1M6 13.5h.1M9.5 6.5H14M9.5 13.5H14';
const interactionsIcon = 'M3 6h11M11 3l3 3-3 3M17 14H6M9 11l-3 3 3 3';
const monitorIcon = 'M2.5 11h3.2l2-6 3.6 11 2.4-8 1.2 3h2.6';
const tracesIcon = 'M3 4.5h9M6 8.2h10M8 11.9h5M10 15.6h7';

interface RailLinkProps {
  readonly to: Route;
  readonly name: string;
  readonly icon: string;
  readonly count?: number | undefined;
  readonly unit?: string;
}

function RailLink({ to, name, icon, count, unit }: RailLinkProps) {
  const { place } = useSurroundings();
  const some = count !== undefined && count > 0;
  return (
    <li>
      <Link
        to={hrefTo(place, to)}
        className="rail-link"
        current={isWithin(place.route, to)}
        label={some ? `${name}, ${formatCount(count)} ${unit ?? ''}` : name}
      >
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <path d={icon} />
        </svg>
        <span className="rail-word">{name}</span>
        {some && <span className="count">{formatCount(count)}</span>}
      </Link>
    </li>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(() =>
    typeof localStorage === 'undefined' ? 'system' : readTheme(localStorage),
  );
  const choose = (chosen: string) => {
    const next = themes.find(([known]) => known === chosen)?.[0] ?? 'system';
    storeTheme(localStorage, next);
    applyTheme(document.documentElement, next);
    setTheme(next);
  };
  return <SelectField label="Theme" value={theme} options={themes} onChange={choose} />;
}

function Brand() {
  return (
    <svg className="brand-mark" width="32" height="32" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M21.5 10.2a8 8 0 1 0 0 11.6" />
      <path d="m13.2 16.2 3 3 7-7.4" />
    </svg>
  );
}

/** An integration belongs to the map, a trace or two to the traces, a service to the monitor. */
export function isWithin(route: Route, to: Route): boolean {
  if (route.view === 'integration') return to.view === 'map';
  if (route.view === 'trace' || route.view === 'comparison') return to.view === 'traces';
  if (route.view === 'service') return to.view === 'monitor';
  return route.view === to.view;
}

export function MissingView({ path }: { readonly path: string }) {
  const { place } = useSurroundings();
  return (
    <Empty title="There is no such view">
      <p>
        Nothing lives at <code>{path}</code>. Start from the{' '}
        <Link to={hrefTo(place, { view: 'map' })}>map</Link>, the{' '}
        <Link to={hrefTo(place, { view: 'findings' })}>findings</Link> or the{' '}
        <Link to={hrefTo(place, { view: 'traces' })}>traces</Link>.
      </p>
    </Empty>
  );
}
