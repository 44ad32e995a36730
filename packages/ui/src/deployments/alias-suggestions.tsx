import type { AliasSuggestionResource } from '@concordat/api';
import { useSurroundings } from '../app/place.ts';
import { useNews } from '../data/news.ts';
import { useDeed } from '../data/use-deed.ts';
import { pollLive, useResource } from '../data/use-resource.ts';
import { Service } from '../parts/marks.tsx';
import { Refusal } from '../parts/refusal.tsx';

/** Services that probably are pacticipants of another name; nothing while there are none. */
export function AliasSuggestions() {
  const { client } = useSurroundings();
  const found = useResource('aliases', () => client.aliasSuggestions(), pollLive);
  if (found.kind !== 'ready' || found.value.length === 0) return null;
  return (
    <section className="suggestions" aria-labelledby="aliases-title">
      <h2 id="aliases-title">The same by another name?</h2>
      <ul>
        {found.value.map((suggestion) => (
          <Suggestion key={suggestion.service} suggestion={suggestion} />
        ))}
      </ul>
    </section>
  );
}

function Suggestion({ suggestion }: { readonly suggestion: AliasSuggestionResource }) {
  const { client } = useSurroundings();
  const news = useNews();
  const { busy, refusal, run } = useDeed();
  const { service, pacticipant, reasons, alternatives } = suggestion;
  const add = async () => {
    await client.addAlias({ service, pacticipant });
    document.getElementById('view')?.focus({ preventScroll: true });
    news.tell();
  };
  return (
    <li className="deed">
      <Service name={service} /> may be <Service name={pacticipant} />
      <span className="soft">
        {[...reasons, ...alternatives.map((name) => `${name} is as near`)].join('; ')}
      </span>
      <button
        type="button"
        className="button"
        disabled={busy}
        aria-label={`Add alias ${service} for ${pacticipant}`}
        onClick={() => void run(add)}
      >
        Add alias
      </button>
      <Refusal words={refusal} />
    </li>
  );
}
