import './no-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { applyTheme, readTheme } from './app/theme.ts';
import { createHubClient } from './data/hub-client.ts';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/marks.css';
import './style/parts.css';
import './style/shell.css';
import './style/view.css';
import './style/map.css';
import './style/lists.css';
import './style/replay.css';
import './style/deeds.css';
import './style/traces.css';
import './style/trace-search.css';
import './style/waterfall.css';
import './style/monitor.css';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no element with id app');

// Read once: pushState moves the document's address, but not what the page was mounted at.
const base = new URL('.', document.baseURI).pathname;
const hub = new URL('..', document.baseURI).href;
applyTheme(document.documentElement, readTheme(localStorage));

const client = createHubClient({
  hub,
  fetch: (url, init) => fetch(url, init),
  openStream: (url) => new EventSource(url),
});

createRoot(root).render(
  <StrictMode>
    <App base={base} hub={hub} client={client} />
  </StrictMode>,
);
