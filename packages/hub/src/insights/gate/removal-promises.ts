import { compileContract, type PromisedInteraction, sameEvent } from '@concordat/conformance';
import { namesField } from '@concordat/domain';
import type { CompiledInForce, PromiseBook } from '../promise-book.ts';
import type { RemovalQuestion, RemovalSources } from './removal-sources.ts';

/** A pact in force of the provider with its interactions of the operation. */
export interface OperationPact {
  readonly pact: CompiledInForce;
  readonly interactions: readonly {
    readonly interaction: PromisedInteraction;
    /** JSON pointers of the answer or event; read only when a field is asked about. */
    readonly fields: readonly string[];
  }[];
}

/** The pacts that speak there and name one of the operations. */
export async function operationPacts(
  book: PromiseBook,
  asked: RemovalQuestion & { readonly names: readonly string[] },
  sources: Pick<RemovalSources, 'contentOf'>,
): Promise<readonly OperationPact[]> {
  const pacts = book
    .pairs()
    .filter(({ provider }) => provider === asked.provider)
    .flatMap((pair) => book.pactsBetween(pair, asked.environment));
  const found: OperationPact[] = [];
  for (const pact of pacts) {
    const own = pact.compiled.interactions.filter(({ operation }) =>
      asked.names.includes(operation),
    );
    if (own.length === 0) continue;
    const fieldsOf = asked.field === undefined ? undefined : await fieldReader(pact, sources);
    found.push({
      pact,
      interactions: own.map((interaction) => ({
        interaction,
        fields: fieldsOf?.(interaction) ?? [],
      })),
    });
  }
  return found;
}

async function fieldReader(
  pact: CompiledInForce,
  { contentOf }: Pick<RemovalSources, 'contentOf'>,
): Promise<(interaction: PromisedInteraction) => readonly string[]> {
  const contract = compileContract((await contentOf(pact)) ?? '', 'live');
  return (interaction) => contract.fieldsOf(interaction);
}

/** Of a pact the interactions that name the field; all of them when none is asked about. */
export function naming(
  { interactions }: OperationPact,
  field: string | undefined,
): readonly PromisedInteraction[] {
  return interactions
    .filter(
      ({ fields }) => field === undefined || fields.some((pointer) => namesField(pointer, field)),
    )
    .map(({ interaction }) => interaction);
}

export interface Receiver {
  readonly pacticipant: string;
  readonly version: string;
}

/** Others whose AsyncAPI documents receive one of the events. */
export function receiversOf(
  book: PromiseBook,
  asked: RemovalQuestion & { readonly names: readonly string[] },
): readonly Receiver[] {
  const events = asked.names
    .filter((name) => name.startsWith('send '))
    .map((name) => name.slice('send '.length));
  return book.providerContracts
    .providers()
    .filter((name) => name !== asked.provider && events.length > 0)
    .flatMap((name) => book.providerContracts.inEnvironment(name, asked.environment))
    .filter(({ operations }) =>
      operations.some(
        (operation) =>
          operation.kind === 'message' &&
          operation.action === 'receive' &&
          [operation.channel, ...operation.messages].some((word) =>
            events.some((event) => sameEvent(word, event)),
          ),
      ),
    )
    .map(({ provider, providerVersion }) => ({ pacticipant: provider, version: providerVersion }));
}
