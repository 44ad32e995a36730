import { useSurroundings } from '../app/place.ts';
import { formatAgo, formatInstant } from '../words/format.ts';

/** An instant as the time since, the exact time in its tip. */
export function When({ at }: { readonly at: string | null }) {
  const { now } = useSurroundings();
  if (at === null) return <span className="soft">never</span>;
  return (
    <time dateTime={at} title={formatInstant(at)}>
      {formatAgo(at, now)}
    </time>
  );
}
