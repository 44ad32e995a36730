import type { CleanPlan, CleanPreview, CleanRunResource } from '@concordat/api';
import { formatTable } from '../terminal/table.ts';

/** For people: what would go, of whom and why. */
export function describePreview(preview: CleanPreview): string {
  const { planned, pacticipants, branches, versions } = preview;
  const removing = pacticipants.filter(({ removed }) => removed > 0);
  const parts = [`Would remove ${describePlan(planned)}.`];
  if (removing.length > 0) {
    const rows = removing.map(({ pacticipant, kept, removed }) => [
      pacticipant,
      String(kept),
      String(removed),
    ]);
    parts.push(formatTable(['pacticipant', 'kept', 'removed'], rows));
  }
  if (branches.length > 0) {
    const rows = branches.map(({ pacticipant, branch }) => [pacticipant, branch]);
    parts.push(formatTable(['pacticipant', 'branch removed'], rows));
  }
  if (versions.length > 0) {
    const rows = versions.map(({ pacticipant, version, verdict, because, about }) => [
      verdict,
      pacticipant,
      version,
      about === null ? because : `${because} ${about}`,
    ]);
    parts.push(formatTable(['verdict', 'pacticipant', 'version', 'because'], rows));
  }
  parts.push(`Stay: ${counts(planned.keptBecause)}.`);
  return parts.join('\n\n');
}

/** For people: how a run ended, and what went and why. */
export function describeRun({ status, planned, removed, error }: CleanRunResource): string {
  const { versions, branches, publications, contents, results } = removed;
  const gone = `${versions} versions, ${branches} branches, ${publications} publications, ${contents} contents and ${results} results are gone`;
  const why = planned === null ? '' : ` (${counts(planned.removedBecause)})`;
  const stay = planned === null ? '' : `\nStay: ${counts(planned.keptBecause)}.`;
  if (status === 'done') return `✓ ${gone}${why}.${stay}`;
  return `✕ The clean-up ${status === 'failed' ? 'failed' : 'was stopped'}: ${error ?? 'the hub closed'}. ${gone}.`;
}

function describePlan(planned: CleanPlan): string {
  const { versions, branches, overwrittenPublications, overwrittenResults, orphanContents } =
    planned;
  return [
    `${versions} versions (${counts(planned.removedBecause)})`,
    `${branches} branches`,
    `${overwrittenPublications} replaced publications`,
    `${overwrittenResults} replaced results`,
    `${orphanContents} contents nobody has`,
  ].join(', ');
}

function counts(byReason: Readonly<Record<string, number>>): string {
  const parts = Object.entries(byReason).map(([reason, count]) => `${count} ${reason}`);
  return parts.join(', ') || 'none';
}
