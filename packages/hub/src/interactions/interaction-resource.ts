import type { InteractionResource } from '@concordat/api';
import type { DescribedInteraction, DescribedPart } from '@concordat/domain';

/** What is not there is null. */
export function interactionResource(interaction: DescribedInteraction): InteractionResource {
  const { id, isPending, transport, markup, providerStates, comments, plugins, parts, ...own } =
    interaction;
  return {
    ...own,
    id: id ?? null,
    pending: isPending,
    transport: transport ?? null,
    comments: [...comments],
    markup: markup ?? null,
    providerStates: providerStates.map(({ name, parameters }) => ({
      name,
      parameters: parameters ?? null,
    })),
    plugins: plugins.map(({ version, ...plugin }) => ({ ...plugin, version: version ?? null })),
    parts: parts.map(partResource),
  };
}

function partResource(part: DescribedPart): InteractionResource['parts'][number] {
  const { body, headers, rules, generators, ...own } = part;
  return {
    ...own,
    headers: [...headers],
    rules: [...rules],
    generators: [...generators],
    body: body === undefined ? null : { ...body, mediaType: body.mediaType ?? null },
  };
}
