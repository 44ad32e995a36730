import type { FoundInteraction, FoundInteractions } from '@concordat/api';
import { hrefTo, hrefWith, setQuery, useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { SearchField, SelectField, Toggle } from '../parts/fields.tsx';
import { Link } from '../parts/link.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { formatCount, plural } from '../words/format.ts';
import { InteractionDetail } from './interaction-detail.tsx';
import {
  type InteractionSearch,
  interactionKinds,
  interactionsQuery,
  readInteractionSearch,
} from './interaction-search.ts';
import { useSettled } from './use-settled.ts';

const typingPauseMs = 250;

/** Everything that is promised, found by words: a field, a path, a header, a topic, a provider state. */
export function InteractionsView() {
  const { place, client } = useSurroundings();
  const search = readInteractionSearch(place.query);
  const asked = useSettled(JSON.stringify(search), typingPauseMs);
  const found = useResource(`interactions ${asked}`, () => client.interactions(JSON.parse(asked)));
  const query = new URLSearchParams(
    Object.entries(interactionsQuery(search)).map(([name, value]) => [name, String(value)]),
  );
  return (
    <>
      <ViewHead title="Interactions" json={`${place.hub}insights/interactions?${query}`}>
        <p>What services promised each other, found by a field, a path, a header or a topic.</p>
      </ViewHead>
      <SearchTools search={search} />
      <Await resource={found} what="the interactions">
        {(value) => <InteractionsPage found={value} />}
      </Await>
    </>
  );
}

function SearchTools({ search }: { readonly search: InteractionSearch }) {
  const { place } = useSurroundings();
  const choose = (changes: Record<string, string | boolean>) =>
    setQuery(place, { page: undefined, open: undefined, ...changes }, 'push');
  return (
    <div className="tools">
      <SearchField
        label="Search interactions"
        value={search.text}
        onChange={(q) => setQuery(place, { q, page: undefined, open: undefined })}
      />
      <SelectField
        label="Kind"
        value={search.kind}
        options={[['', 'Any'], ...interactionKinds]}
        onChange={(kind) => choose({ kind })}
      />
      {(['consumer', 'provider'] as const).map(
        (side) =>
          search[side] !== '' && (
            <Toggle key={side} pressed onToggle={() => choose({ [side]: '' })}>
              {side} {search[side]} ×
            </Toggle>
          ),
      )}
      <Toggle pressed={search.past} onToggle={() => choose({ past: !search.past })}>
        Past promises too
      </Toggle>
    </div>
  );
}

/** One page of hits; the one that the address names is open. */
function InteractionsPage({ found }: { readonly found: FoundInteractions }) {
  const { place } = useSurroundings();
  const { interactions, page, complete } = found;
  if (page.totalElements === 0) {
    return (
      <Empty title="No promise has all of these words">
        <p>
          Fields are named by their pointer, such as <code>/items/0/sku</code>; words in quotes must
          stand together. Past promises are left out unless they are asked for.
        </p>
      </Empty>
    );
  }
  return (
    <>
      <p className="showing" role="status">
        {plural(page.totalElements, 'interaction')}
        {page.totalPages > 1 && `, page ${page.number} of ${formatCount(page.totalPages)}`}.
        {!complete && ' Some pacts are still being read: there may be more.'}
      </p>
      <div className="hits">
        {interactions.map((hit) => (
          <Hit key={hitId(hit)} hit={hit} open={place.query.get('open') === hitId(hit)} />
        ))}
      </div>
      {page.totalPages > 1 && (
        <p className="more">
          {page.number > 1 && (
            <Link to={hrefWith(place, { page: page.number - 1, open: undefined })}>
              Previous page
            </Link>
          )}{' '}
          {page.number < page.totalPages && (
            <Link to={hrefWith(place, { page: page.number + 1, open: undefined })}>Next page</Link>
          )}
        </p>
      )}
    </>
  );
}

function Hit({ hit, open }: { readonly hit: FoundInteraction; readonly open: boolean }) {
  const { place, client } = useSurroundings();
  const { consumer, provider } = hit;
  const content = useResource(open ? `pact ${hitId(hit)}` : undefined, () => client.pact(hit));
  return (
    <article className="finding hit">
      <header>
        <Link
          to={hrefWith(place, { open: open ? undefined : hitId(hit) })}
          className="hit-name"
          row
          label={`${open ? 'Close' : 'Open'} ${hit.description}`}
        >
          {hit.description === '' ? 'without a description' : hit.description}
        </Link>
        <code className="operation">{hit.summary}</code>
        <Link to={hrefTo(place, { view: 'integration', consumer, provider })} className="pair">
          {consumer} → {provider}
        </Link>
        {hit.consumerVersion !== null && (
          <span className="finding-count">promised by {hit.consumerVersion}</span>
        )}
      </header>
      {!open && hit.lines.length > 0 && (
        <ul className="hit-lines">
          {hit.lines.map((line) => (
            <li key={line}>
              <code>{line}</code>
            </li>
          ))}
        </ul>
      )}
      {open && (
        <Await resource={content} what="the pact">
          {({ interactions }) => {
            const interaction = interactions.find(({ position }) => position === hit.position);
            return interaction === undefined ? null : (
              <InteractionDetail interaction={interaction} />
            );
          }}
        </Await>
      )}
    </article>
  );
}

/** Names a hit in the address. */
function hitId({ consumer, provider, sha, position }: FoundInteraction): string {
  return [consumer, provider, sha.slice(0, 12), position].map(String).join(':');
}
