import type { HttpInteraction, MessageInteraction } from '../pact/pact-model.ts';
import { parsePact } from '../pact/parse-pact.ts';
import { compileHttpPromise, type HttpPromise } from './http-promise.ts';
import { HttpMatcher } from './match-http.ts';
import { compileMessagePromise, MessageMatcher } from './match-message.ts';
import type { PromisedInteraction } from './promised-interaction.ts';

/** A pact made ready for judging calls; it holds no reference to the text it came from. */
export interface CompiledPact {
  /** In the order of the file, HTTP before messages. */
  readonly interactions: readonly PromisedInteraction[];
  /** What could not be read or is not judged; the rest of the pact counts. */
  readonly defects: readonly string[];
  readonly http: HttpMatcher;
  readonly httpPromises: readonly HttpPromise[];
  readonly messages: MessageMatcher;
}

/** Compiles the text of a pact of any version. Never throws: what is broken stands in `defects`. */
export function compilePact(content: string): CompiledPact {
  const pact = parsePact(content);
  const defects = [...pact.defects];
  const http = pact.interactions
    .filter((interaction): interaction is HttpInteraction => interaction.kind === 'http')
    .map((interaction) => compileHttpPromise(interaction, defects));
  const messages = pact.interactions
    .filter((interaction): interaction is MessageInteraction => interaction.kind === 'message')
    .map(compileMessagePromise);
  return {
    interactions: [...http, ...messages].map(({ interaction }) => interaction),
    defects,
    http: new HttpMatcher(http),
    httpPromises: http,
    messages: new MessageMatcher(messages),
  };
}
