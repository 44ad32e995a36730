import type { EdgeDetail } from '@concordat/api';
import { formatCount, formatDuration, formatMillis, formatShare, plural } from '../words/format.ts';

export interface Tile {
  readonly label: string;
  readonly value: string;
  readonly note: string | undefined;
}

/** The figures of an integration over all its transports. */
export function tilesOf({ edges }: Pick<EdgeDetail, 'edges'>): Tile[] {
  const sum = (pick: (edge: EdgeDetail['edges'][number]) => number) =>
    edges.reduce((total, edge) => total + pick(edge), 0);
  const [promised, calls] = [sum((edge) => edge.promised), sum((edge) => edge.calls)];
  const notSeen = sum((edge) => edge.notSeen);
  const noEvidence = sum((edge) => edge.noEvidence);
  const unused = [
    notSeen > 0 ? `${formatCount(notSeen)} not seen` : '',
    noEvidence > 0 ? `${formatCount(noEvidence)} no evidence` : '',
  ].filter((words) => words !== '');
  const timed = edges.filter((edge) => edge.meanDuration !== null && edge.calls > 0);
  const mean =
    timed.reduce((total, edge) => total + (edge.meanDuration ?? 0) * edge.calls, 0) /
    timed.reduce((total, edge) => total + edge.calls, 0);
  return [
    { label: 'Promised', value: formatCount(promised), note: 'interactions' },
    {
      label: 'Verified',
      value: formatCount(sum((edge) => edge.verified)),
      note: `of ${formatCount(promised)}`,
    },
    {
      label: 'Used',
      value: formatCount(sum((edge) => edge.used)),
      note: unused.join(', ') || `of ${formatCount(promised)}`,
    },
    { label: 'Calls', value: formatCount(calls), note: undefined },
    {
      label: 'Failed',
      value: formatShare(
        sum((edge) => edge.failed),
        calls,
      ),
      note:
        calls === 0
          ? undefined
          : plural(
              sum((edge) => edge.failed),
              'call',
            ),
    },
    {
      label: 'Mean duration',
      value: timed.length === 0 ? '–' : formatDuration(mean * 1000),
      note: latencyNote(edges),
    },
  ];
}

/** Percentiles cannot be added: those of the busiest transport speak for all. */
function latencyNote(edges: EdgeDetail['edges']): string | undefined {
  const [busiest] = edges
    .filter(({ latency }) => latency !== null)
    .sort((a, b) => b.calls - a.calls);
  const latency = busiest?.latency;
  if (latency === undefined || latency === null) return undefined;
  return `p50 ${formatMillis(latency.p50)} · p95 ${formatMillis(latency.p95)}`;
}
