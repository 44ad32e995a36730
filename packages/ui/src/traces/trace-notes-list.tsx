import { hrefWith, useSurroundings } from '../app/place.ts';
import { Link } from '../parts/link.tsx';
import { plural } from '../words/format.ts';
import type { SpanTree } from './span-tree.ts';
import type { TraceNote } from './trace-notes.ts';

interface TraceNotesProps {
  readonly notes: readonly TraceNote[];
  readonly tree: SpanTree;
}

/** What is odd about a trace, each with its reason and the way to the span where it shows. */
export function TraceNotes({ notes, tree }: TraceNotesProps) {
  const { place } = useSurroundings();
  const [first] = notes;
  if (first === undefined) return null;
  return (
    <details className="stale trace-notes">
      <summary>
        <strong>{first.title}</strong>
        {notes.length > 1 && <span>, and {plural(notes.length - 1, 'more note')}</span>}
      </summary>
      <ul>
        {notes.map((note) => (
          <li key={note.title}>
            <b>{note.title}.</b> {note.explanation}{' '}
            {note.row !== undefined && (
              <Link to={hrefWith(place, { span: tree.spans[note.row]?.spanId, part: undefined })}>
                Show the span
              </Link>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
