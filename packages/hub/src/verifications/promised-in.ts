import { type DescribedInteraction, describeInteractions, parseJson } from '@concordat/domain';

/** The interactions of a stored content; none when it is a document of another kind. */
export function promisedIn(content: string): readonly DescribedInteraction[] {
  const json = parseJson(content);
  return json.ok ? describeInteractions(json.value) : [];
}
