import { type HubAnswer, type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

export type Body = Readonly<Record<string, unknown>>;

/** A resource of the hub; a refusal is a `CliError` that says what was asked for. */
export async function readBody(hub: HubClient, path: string): Promise<Body> {
  const answer = await hub.get(path);
  return jsonOf(done(answer, `GET ${path}`), path) as Body;
}

/** The answer of a write that succeeded. */
export function done(answer: HubAnswer, what: string): HubAnswer {
  if (answer.status < 300) return answer;
  throw new CliError(`${what}: ${refusalOf(answer)}`);
}

export function embeddedIn(body: Body, name: string): readonly Body[] {
  const { _embedded } = body as { readonly _embedded?: Readonly<Record<string, readonly Body[]>> };
  return _embedded?.[name] ?? [];
}
