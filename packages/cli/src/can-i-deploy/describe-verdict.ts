import type { FailedInteractionResource, ReasonResource } from '@concordat/api';
import { timeAgo } from '@concordat/domain';
import type { CanIDeployVerdict } from './can-i-deploy.ts';

/** The verdict for people: yes, no or cannot tell, and under every reason what is behind it and whose turn it is. */
export function describeVerdict(verdict: CanIDeployVerdict, now: Date): string {
  const word = { true: '✓ yes', false: '✕ no', null: '? cannot tell yet' }[`${verdict.deployable}`];
  const texts =
    verdict.notices.length > 0 ? verdict.notices.map(({ text }) => text.trim()) : [verdict.reason];
  const reasons = [...verdict.reasons];
  const lines = texts.flatMap((text) => {
    const at = reasons.findIndex((reason) => reason.text.trim() === text);
    const [reason] = at === -1 ? [] : reasons.splice(at, 1);
    const details = reason === undefined ? [] : describeReason(reason, now);
    return [`  ${text}`, ...details.map((line) => `      ${line}`)];
  });
  return [word, ...lines].join('\n');
}

function describeReason(reason: ReasonResource, now: Date): readonly string[] {
  const { whoMustAct, since, interactions, explanation, _links } = reason;
  const link = _links['concordat:interactions']?.href;
  const turn = [
    ...(since === null ? [] : [`since ${timeAgo(new Date(since), now)}`]),
    ...(whoMustAct === null ? [] : [`turn of ${whoMustAct.name} (${whoMustAct.role})`]),
  ];
  return [
    ...(interactions === null ? [] : describeInteractions(interactions, now)),
    ...explanation,
    ...(turn.length === 0 ? [] : [`→ ${turn.join(', ')}`]),
    ...(link === undefined ? [] : [link]),
  ];
}

function describeInteractions(
  { total, failed, reported, items }: NonNullable<ReasonResource['interactions']>,
  now: Date,
): readonly string[] {
  if (!reported) return ['The verifier did not say which interactions failed.'];
  const more = failed - items.length;
  return [
    `${failed} of ${total} interactions failed:`,
    ...items.flatMap((item) => describeInteraction(item, now)),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ];
}

function describeInteraction(item: FailedInteractionResource, now: Date): readonly string[] {
  const states = item.providerStates.filter((state) => state !== '');
  const given = states.length === 0 ? '' : ` (given ${states.join(', ')})`;
  const pending = item.pending ? ', pending' : '';
  const kept = item.lastKeptBy;
  return [
    `✕ ${item.description || item.id}${given}${pending}`,
    ...item.mismatches.map((mismatch) => `    ${describeMismatch(mismatch)}`),
    ...(item.moreMismatches > 0 ? [`    … and ${item.moreMismatches} more`] : []),
    ...(kept === null
      ? []
      : [`    last kept by version ${kept.version}, ${timeAgo(new Date(kept.verifiedAt), now)}`]),
    ...(item.traceId === null ? [] : [`    trace ${item.traceId}`]),
  ];
}

function describeMismatch({
  attribute,
  identifier,
  description,
}: FailedInteractionResource['mismatches'][number]): string {
  const place = [attribute, identifier].filter((part) => part !== null).join(' ');
  return place === '' ? firstLines(description) : `${place}: ${firstLines(description)}`;
}

/** Verifiers may write whole diffs; the linked page has them. */
function firstLines(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  return rest.length === 0 ? first : `${first} …`;
}
