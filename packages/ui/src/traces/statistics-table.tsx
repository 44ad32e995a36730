import { useMemo } from 'react';
import { hrefWith, setQuery, useSurroundings } from '../app/place.ts';
import { Toggle } from '../parts/fields.tsx';
import { Link } from '../parts/link.tsx';
import { Service } from '../parts/marks.tsx';
import { SortHead } from '../parts/sort-head.tsx';
import { formatCount, formatDuration, formatShare } from '../words/format.ts';
import { readSort, type SortColumns, sortRows } from '../words/sort.ts';
import type { PathPiece } from './critical-path.ts';
import { groupSpans, type SpanGroup } from './span-statistics.ts';
import type { SpanTree } from './span-tree.ts';

type Column = 'name' | 'spans' | 'errors' | 'self' | 'critical' | 'total' | 'mean' | 'longest';

const columns: SortColumns<SpanGroup, Column> = {
  name: (group) => group.key,
  spans: (group) => group.spans,
  errors: (group) => group.errors,
  self: (group) => group.self,
  critical: (group) => group.critical,
  total: (group) => group.total,
  mean: (group) => group.mean,
  longest: (group) => group.longest,
};

interface StatisticsProps {
  readonly tree: SpanTree;
  readonly pieces: readonly PathPiece[];
}

/** Where the time of a trace went, by service or by operation. */
export function StatisticsTable({ tree, pieces }: StatisticsProps) {
  const { place } = useSurroundings();
  const byService = place.query.get('by') === 'service';
  const groups = useMemo(
    () => groupSpans(tree, pieces, byService ? 'service' : 'operation'),
    [tree, pieces, byService],
  );
  const sort = readSort(place.query.get('sort'), columns, { column: 'self', falling: true });
  const allSelf = groups.reduce((sum, group) => sum + group.self, 0);
  const head = { sort };
  return (
    <>
      <div className="tools">
        <fieldset className="switch switch-start">
          <legend className="hidden">One row for each</legend>
          <Toggle pressed={!byService} onToggle={() => setQuery(place, { by: undefined })}>
            By operation
          </Toggle>
          <Toggle pressed={byService} onToggle={() => setQuery(place, { by: 'service' })}>
            By service
          </Toggle>
        </fieldset>
        <p className="showing">Self time is what no child span explains.</p>
      </div>
      <div className="table-frame">
        <table>
          <thead>
            <tr>
              <SortHead {...head} column="name" label={byService ? 'Service' : 'Operation'} text />
              <SortHead {...head} column="spans" label="Spans" />
              <SortHead {...head} column="errors" label="Errors" />
              <SortHead {...head} column="self" label="Self time" />
              <SortHead
                {...head}
                column="critical"
                label="Critical path"
                title="What the whole trace waited for"
              />
              <SortHead {...head} column="total" label="Total" />
              <SortHead {...head} column="mean" label="Mean" />
              <SortHead {...head} column="longest" label="Longest" />
            </tr>
          </thead>
          <tbody>
            {sortRows(groups, columns, sort).map((group) => (
              <GroupRow
                key={group.key}
                group={group}
                allSelf={allSelf}
                duration={tree.duration}
                spanId={tree.spans[group.exemplar]?.spanId}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface GroupRowProps {
  readonly group: SpanGroup;
  readonly allSelf: number;
  readonly duration: number;
  readonly spanId: string | undefined;
}

function GroupRow({ group, allSelf, duration, spanId }: GroupRowProps) {
  const { place } = useSurroundings();
  const { service, name, spans, errors, self, critical, total, mean, longest } = group;
  return (
    <tr>
      <td>
        <span className="group-name">
          <Service name={service} />
          {name !== '' && <code className="operation">{name}</code>}
        </span>
      </td>
      <td className="number">{formatCount(spans)}</td>
      <td className={errors > 0 ? 'number bad' : 'number'}>{formatCount(errors)}</td>
      <td className="number">
        {formatDuration(self)} <ShareBar part={self} whole={allSelf} />
      </td>
      <td className="number">{critical === 0 ? '–' : formatShare(critical, duration)}</td>
      <td className="number">{formatDuration(total)}</td>
      <td className="number">{formatDuration(mean)}</td>
      <td className="number">
        <Link
          to={hrefWith(place, { span: spanId, part: undefined, sort: undefined })}
          label={`${formatDuration(longest)}, show the longest span of ${service} ${name}`}
          row
        >
          {formatDuration(longest)}
        </Link>
      </td>
    </tr>
  );
}

function ShareBar({ part, whole }: { readonly part: number; readonly whole: number }) {
  return (
    <span className="share" aria-hidden="true">
      <span style={{ width: `${whole === 0 ? 0 : (100 * part) / whole}%` }} />
    </span>
  );
}
