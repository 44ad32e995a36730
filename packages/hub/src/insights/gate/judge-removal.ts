import type { Removal } from '@concordat/api';
import {
  evidenceOfCalls,
  judgeRemoval,
  mayBeOperation,
  nearNames,
  type RemovalFacts,
} from '@concordat/domain';
import { HubError } from '../../http/hub-error.ts';
import type { FieldUsage } from '../guard/field-usage-store.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import { timeOf } from '../open-findings.ts';
import type { PromiseBook } from '../promise-book.ts';
import { OperationNames } from './removal-names.ts';
import {
  naming,
  type OperationPact,
  operationPacts,
  type Receiver,
  receiversOf,
} from './removal-promises.ts';
import type { RemovalQuestion, RemovalSources } from './removal-sources.ts';

const MINUTE_MS = 60_000;
const MOST_FIELDS = 50;

/** Everything that is known of who has to do with what is to be removed. */
interface Known {
  readonly book: PromiseBook;
  readonly names: readonly string[];
  /** Calls to the provider over the same transport, in the window and of all time. */
  readonly inWindow: readonly LedgerEntry[];
  readonly ever: readonly LedgerEntry[];
  readonly operations: OperationNames;
  readonly pacts: readonly OperationPact[];
  readonly receivers: readonly Receiver[];
  readonly fields: readonly FieldUsage[];
}

/** Whether an operation, an event or a field can go, with all that the answer rests on; an unknown one is a 404 with near names. */
export async function answerRemoval(
  question: RemovalQuestion,
  sources: RemovalSources,
): Promise<Removal> {
  const known = await learn(question, sources);
  const facts = factsOf(question, known, sources);
  const { answer, reasons } = judgeRemoval(facts);
  return {
    answer,
    provider: question.provider,
    operations: [...known.names],
    field: question.field ?? null,
    environment: question.environment ?? null,
    since: question.since.toISOString(),
    until: question.until.toISOString(),
    reasons: reasons.map(({ consumers, ...reason }) => ({ ...reason, consumers: [...consumers] })),
    promisedBy: promisedBy(known.pacts, question.field),
    receivers: [...known.receivers],
    calledBy: calledBy(known),
    fieldUsage: known.fields.map((usage) => ({
      consumer: usage.consumer,
      field: usage.pointer,
      present: usage.present,
      read: usage.read ?? null,
      lastSeen: timeOf(usage.lastSeen),
    })),
    knownFields: knownFields(known.pacts).slice(0, MOST_FIELDS),
    evidence: facts.evidence,
  };
}

async function learn(question: RemovalQuestion, sources: RemovalSources): Promise<Known> {
  const { provider, environment, removed } = question;
  const book = await sources.book();
  const everyCall = await sources.ledger.calls({ provider, environment });
  mustBeKnown(provider, book, everyCall);
  const pacts = book.pactsOfProvider(provider).flatMap(({ compiled }) => compiled.interactions);
  const operations = new OperationNames(
    book.providerContracts.inEnvironment(provider, environment).flatMap((each) => each.operations),
    [...pacts, ...everyCall].map(({ operation }) => operation),
  );
  const names = operations.of(removed);
  if (names.length === 0) throw unknownOperation(question, operations);
  const windowed = await sources.ledger.calls({
    ...{ provider, environment },
    since: Math.floor(question.since.getTime() / MINUTE_MS),
    until: Math.floor(question.until.getTime() / MINUTE_MS),
  });
  const transport = removed.kind === 'event' ? 'message' : 'http';
  const overTransport = (entry: LedgerEntry): boolean => entry.transport === transport;
  const asked = { ...question, names };
  return {
    ...{ book, names, operations },
    inWindow: windowed.filter(overTransport),
    ever: everyCall.filter(overTransport),
    pacts: await operationPacts(book, asked, sources),
    receivers: receiversOf(book, asked),
    fields: await fieldUsage(asked, sources),
  };
}

function mustBeKnown(provider: string, book: PromiseBook, calls: readonly LedgerEntry[]): void {
  if (book.isPacticipant(provider) || calls.length > 0) return;
  const near = nearNames(provider, [...book.pacticipants]);
  throw new HubError('NOT_FOUND', `No service "${provider}" is known.${hint(near)}`, {
    extensions: { near },
  });
}

function unknownOperation(question: RemovalQuestion, operations: OperationNames): HubError {
  const { provider, removed } = question;
  const near = nearNames(removed.text, operations.all(removed.kind));
  return new HubError(
    'NOT_FOUND',
    `Neither contracts nor traffic know the ${removed.kind} "${removed.text}" of ${provider}.${hint(near)}`,
    { extensions: { near } },
  );
}

function hint(near: readonly string[]): string {
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}

async function fieldUsage(
  { provider, environment, field, since, names }: RemovalQuestion & { names: readonly string[] },
  sources: RemovalSources,
): Promise<readonly FieldUsage[]> {
  if (field === undefined) return [];
  const found: FieldUsage[] = [];
  for (const operation of names) {
    const { fields } = await sources.fieldUsage({
      ...{ provider, operation, environment, pointer: field },
      since: Math.floor(since.getTime() / MINUTE_MS),
    });
    found.push(...fields);
  }
  return found;
}

function factsOf(
  { provider, field }: RemovalQuestion,
  known: Known,
  { floor }: RemovalSources,
): RemovalFacts {
  const { names, pacts, receivers, inWindow, operations, fields } = known;
  const promising = consumersOf(pacts.filter((pact) => naming(pact, field).length > 0));
  const [operation = ''] = names;
  const called = inWindow.filter((entry) => names.includes(entry.operation));
  const unresolved = inWindow.filter(
    (entry) =>
      !names.includes(entry.operation) &&
      !operations.isDeclared(entry.operation) &&
      !isPromised(entry, known) &&
      names.some((name) => mayBeOperation(entry.operation, name)),
  );
  const unnamed = inWindow.filter(
    (entry) => entry.transport === 'message' && entry.decided < entry.sampled,
  );
  return {
    ...{ provider, operation, floor },
    promisedBy: promising,
    receivers: unique(receivers.map(({ pacticipant }) => pacticipant)).filter(
      (name) => !consumersOf(pacts).includes(name),
    ),
    callers: unique(called.map(({ consumer }) => consumer)),
    unresolvedCallers: unique(unresolved.map(({ consumer }) => consumer)),
    unnamedReceivers: unique(unnamed.map(({ consumer }) => consumer)),
    evidence: evidenceOfCalls(inWindow),
    field:
      field === undefined
        ? undefined
        : {
            pointer: field,
            othersPromised: consumersOf(
              pacts.filter((pact) => pact.interactions.some((each) => each.fields.length > 0)),
            ).filter((name) => !promising.includes(name)),
            ...readersIn(fields, { field, minimum: floor.minimumCalls }),
          },
  };
}

function isPromised({ operation, provider }: LedgerEntry, { book }: Known): boolean {
  return book
    .pactsOfProvider(provider)
    .some(({ compiled }) => compiled.interactions.some((each) => each.operation === operation));
}

/** Who was seen reading the field, and who was watched often enough without. */
function readersIn(
  fields: readonly FieldUsage[],
  { field, minimum }: { readonly field: string; readonly minimum: number },
): { readonly readers: readonly string[]; readonly neverReading: readonly string[] } {
  const readers = unique(fields.filter(({ read = 0 }) => read > 0).map(({ consumer }) => consumer));
  const watched = new Map<string, number>();
  for (const usage of fields.filter(({ pointer }) => pointer === field)) {
    watched.set(usage.consumer, (watched.get(usage.consumer) ?? 0) + usage.watched);
  }
  const neverReading = [...watched]
    .filter(([consumer, times]) => times >= minimum && !readers.includes(consumer))
    .map(([consumer]) => consumer);
  return { readers, neverReading };
}

function promisedBy(
  pacts: readonly OperationPact[],
  field: string | undefined,
): Removal['promisedBy'] {
  const consumers = consumersOf(pacts);
  return consumers.flatMap((consumer) => {
    const own = pacts.filter(
      (each) => each.pact.consumer === consumer && naming(each, field).length > 0,
    );
    if (own.length === 0) return [];
    return [
      {
        consumer,
        versions: unique(own.map(({ pact }) => pact.consumerVersion)),
        environments: unique(own.flatMap(({ pact }) => pact.environments)),
        interactions: unique(
          own.flatMap((each) => naming(each, field).map(({ description }) => description)),
        ),
      },
    ];
  });
}

function calledBy({ names, ever, inWindow }: Known): Removal['calledBy'] {
  const ours = (entries: readonly LedgerEntry[]): readonly LedgerEntry[] =>
    entries.filter(({ operation }) => names.includes(operation));
  const counts = new Map<string, number>();
  for (const entry of ours(inWindow)) {
    counts.set(callerKey(entry), (counts.get(callerKey(entry)) ?? 0) + entry.count);
  }
  const latest = new Map<string, LedgerEntry>();
  for (const entry of ours(ever)) {
    const known = latest.get(callerKey(entry));
    if (known === undefined || known.lastSeen < entry.lastSeen) {
      latest.set(callerKey(entry), entry);
    }
  }
  return [...latest]
    .sort(([, left], [, right]) => right.lastSeen - left.lastSeen)
    .map(([key, entry]) => ({
      consumer: entry.consumer,
      version: entry.consumerVersion === '' ? null : entry.consumerVersion,
      environment: entry.environment === '' ? null : entry.environment,
      count: counts.get(key) ?? 0,
      lastSeen: timeOf(entry.lastSeen),
      exemplarTraceId: entry.exemplarTraceId,
    }));
}

function callerKey({ consumer, consumerVersion, environment }: LedgerEntry): string {
  return `${consumer}\n${consumerVersion}\n${environment}`;
}

function knownFields(pacts: readonly OperationPact[]): readonly string[] {
  const fields = pacts.flatMap(({ interactions }) => interactions.flatMap((each) => each.fields));
  return unique(fields.filter((pointer) => pointer !== '')).sort();
}

function consumersOf(pacts: readonly OperationPact[]): readonly string[] {
  return unique(pacts.map(({ pact }) => pact.consumer));
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
