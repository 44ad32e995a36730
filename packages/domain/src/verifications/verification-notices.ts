import { joinWords, selectionCriteria } from '../selectors/describe-selection.ts';
import type { SelectedPact } from '../selectors/selected-pact.ts';
import type { PendingState, ProviderView } from './pending.ts';

/** A line for the verifier to print; `when` says before the run, or after one with that result and publishing. */
export interface VerificationNotice {
  readonly when: string;
  readonly text: string;
}

/** What the notices of one pact are made from. */
export interface NoticeFacts {
  readonly selected: SelectedPact;
  readonly provider: string;
  readonly view: ProviderView;
  /** Undefined when pending status was not asked for. */
  readonly pending: PendingState | undefined;
  readonly isWip: boolean;
  readonly pactUrl: string;
}

const READ_PENDING = 'Read more at https://docs.pact.io/go/pending';
const READ_WIP = 'Read more at https://docs.pact.io/go/wip';

/** Why the pact is in, what its pending state means, and for a pending one what the run will have meant. */
export function verificationNotices(facts: NoticeFacts): readonly VerificationNotice[] {
  const before = 'before_verification';
  const notices = [{ when: before, text: facts.isWip ? wipInclusion(facts) : inclusion(facts) }];
  const { pending } = facts;
  if (pending === undefined) return notices;
  notices.push({ when: before, text: pendingText(facts, pending) });
  return pending.isPending ? [...notices, ...afterwards(facts, pending)] : notices;
}

function inclusion({ selected, provider, pactUrl }: NoticeFacts): string {
  const criteria = selectionCriteria(selected.reasons, provider);
  const isSingle = selected.reasons.length === 1;
  const versions = isSingle ? 'version' : 'versions';
  const noun = isSingle ? 'criterion' : 'criteria';
  const list = criteria.map((criterion) => `\n    * ${criterion}`).join('');
  return `The pact at ${pactUrl} is being verified because the pact content belongs to the consumer ${versions} matching the following ${noun}:${list}`;
}

function wipInclusion({ selected, provider, view, pactUrl }: NoticeFacts): string {
  const branches = selected.reasons.flatMap(({ reason }) =>
    reason.kind === 'branch' ? [`'${reason.branch}'`] : [],
  );
  const tags = selected.reasons.flatMap(({ reason }) =>
    reason.kind === 'latest-tag' ? [`'${reason.tag}'`] : [],
  );
  const places = [
    ...(branches.length > 0 ? [`from ${plural('branch', 'branches', branches)}`] : []),
    ...(tags.length > 0 ? [`tagged with ${joinWords(tags)}`] : []),
  ];
  const heads = branches.length + tags.length;
  const same = heads > 1 ? ` (${heads === 2 ? 'both' : 'all'} have the same content)` : '';
  const versions = branches.length > 1 || tags.length > 1 ? 'versions' : 'version';
  const which = `the latest ${versions} of ${selected.pact.consumer.name} ${places.join(' and ')}${same}`;
  return `The pact at ${pactUrl} is being verified because it is a 'work in progress' pact (ie. it is the pact for ${which} and it has not yet been successfully verified by ${aVersion(provider, view, allTags(view))} when the pact's application version was explicitly specified in the consumer version selectors). ${READ_WIP}`;
}

function pendingText({ provider, view, isWip }: NoticeFacts, pending: PendingState): string {
  const { isPending, pendingTags, runsIn } = pending;
  if (runsIn !== undefined) {
    return `This pact is not in pending state for this version of ${provider}, although a successful verification result for ${aVersion(provider, view, allTags(view))} has not yet been published, because a consumer version with its content is deployed to or released in ${joinWords(runsIn)}. If this verification fails, it will fail the build. ${READ_PENDING}`;
  }
  if (!isPending) {
    return `This pact has previously been successfully verified by ${aVersion(provider, view, allTags(view))}. If this verification fails, it will fail the build. ${READ_PENDING}`;
  }
  const because = isWip
    ? "it was included as a 'work in progress' pact"
    : `a successful verification result for ${aVersion(provider, view, pendingTags)} has not yet been published`;
  return `This pact is in pending state for this version of ${provider} because ${because}. If this verification fails, it will not cause the overall build to fail. ${READ_PENDING}`;
}

function afterwards(
  { provider, view }: NoticeFacts,
  { pendingTags }: PendingState,
): readonly VerificationNotice[] {
  const tags = pendingTags.length > 0 ? pendingTags : allTags(view);
  const whom = describeView({ provider, view, tags, article: 'any' });
  const still = `This pact is still in pending state for ${whom} as`;
  const notPublished = `${still} a successful verification result has not yet been published`;
  return [
    {
      when: 'after_verification:success_true_published_false',
      text: `${still} the successful verification results have not yet been published.`,
    },
    { when: 'after_verification:success_false_published_false', text: notPublished },
    {
      when: 'after_verification:success_true_published_true',
      text: `This pact is no longer in pending state for ${whom}, as a successful verification result has been published. If a verification for a version of ${provider} fails in the future, it will fail the build. ${READ_PENDING}`,
    },
    { when: 'after_verification:success_false_published_true', text: notPublished },
  ];
}

function aVersion(provider: string, view: ProviderView, tags: readonly string[]): string {
  return describeView({ provider, view, tags, article: 'a' });
}

interface Described {
  readonly provider: string;
  readonly view: ProviderView;
  readonly tags: readonly string[];
  readonly article: 'a' | 'any';
}

function describeView({ provider, view, tags, article }: Described): string {
  switch (view.kind) {
    case 'none':
      return provider;
    case 'branch':
      return `${article} version of ${provider} from branch '${view.line.name}'`;
    case 'tags': {
      const quoted = tags.map((tag) => `'${tag}'`);
      return `${article} version of ${provider} with ${plural('tag', 'tags', quoted)}`;
    }
  }
}

function allTags(view: ProviderView): readonly string[] {
  return view.kind === 'tags' ? view.lines.map(({ name }) => name) : [];
}

function plural(one: string, many: string, names: readonly string[]): string {
  return `${names.length === 1 ? one : many} ${joinWords(names)}`;
}
