import { type SelectionExplanation, selectionExplanationSchema } from '@concordat/api';
import { type HubClient, jsonOf } from '../hub-client/hub-client.ts';
import { type PactsQuestion, selectionRequest } from './fetch-pacts.ts';

/** Why these pacts and no others; undefined from a hub that does not know the provider, and from a Pact Broker. */
export async function fetchExplanation(
  hub: HubClient,
  question: PactsQuestion,
): Promise<SelectionExplanation | undefined> {
  const provider = encodeURIComponent(question.provider);
  const path = `/pacts/provider/${provider}/for-verification/explanation`;
  const answer = await hub.post(path, selectionRequest(question));
  if (answer.status !== 200) return undefined;
  return selectionExplanationSchema.safeParse(jsonOf(answer, 'The explanation')).data;
}
