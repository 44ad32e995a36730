import { indentJson } from '../json/indent-json.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { entriesOf, itemsOf, memberOf, scalarOf, textOf } from '../json/read-member.ts';
import { writeJson } from '../json/write-json.ts';
import { describeBody, mediaTypeIn } from './describe-body.ts';
import { describeGenerators, describeRules } from './describe-rules.ts';
import type {
  DescribedInteraction,
  DescribedPart,
  DescribedPlugin,
  DescribedState,
  InteractionKind,
} from './described-interaction.ts';

/**
 * The interactions and messages of a pact of version 1 to 4, mixed ones and those of plugins too. What is no object is left out;
 * an unknown type is described as far as it can be read.
 */
export function describeInteractions(pact: JsonValue): readonly DescribedInteraction[] {
  const plugins = pluginsOf(pact);
  const items = [
    ...itemsOf(memberOf(pact, 'interactions')).map((item) => ({ item, list: 'http' as const })),
    ...itemsOf(memberOf(pact, 'messages')).map((item) => ({ item, list: 'message' as const })),
  ];
  return items.flatMap(({ item, list }, position) =>
    isJsonObject(item) ? [describe(item, { position, list, plugins })] : [],
  );
}

interface Surroundings {
  readonly position: number;
  /** Where it stands, for those that name no type. */
  readonly list: 'http' | 'message';
  readonly plugins: readonly DescribedPlugin[];
}

const kinds: Readonly<Record<string, InteractionKind>> = {
  'Synchronous/HTTP': 'http',
  'Asynchronous/Messages': 'message',
  'Synchronous/Messages': 'synchronous-message',
};

function describe(
  item: JsonObject,
  { position, list, plugins }: Surroundings,
): DescribedInteraction {
  const type = textOf(item.get('type'));
  const kind = type === undefined ? list : (kinds[type] ?? 'unknown');
  const parts = partsOf(item, kind);
  const described = pluginsOfInteraction(item, plugins);
  const transport = textOf(item.get('transport'));
  const markup = item.get('interactionMarkup');
  return {
    position,
    id: textOf(item.get('_id')),
    kind,
    description: textOf(item.get('description')) ?? '',
    summary: summaryOf({ kind, parts, transport, type }),
    providerStates: statesOf(item),
    isPending: item.get('pending') === true,
    transport,
    comments: commentsOf(item.get('comments')),
    plugins: described,
    markup: markupOf(markup),
    parts,
  };
}

function partsOf(item: JsonObject, kind: InteractionKind): readonly DescribedPart[] {
  switch (kind) {
    case 'http':
      return [requestPart(item.get('request')), responsePart(item.get('response'))];
    case 'message':
      return [messagePart('message', item)];
    default: {
      const responses = item.get('response');
      const list = isJsonArray(responses) ? responses : responses === undefined ? [] : [responses];
      return [
        messagePart('request', item.get('request') ?? null),
        ...list.map((response) => messagePart('response', response)),
      ];
    }
  }
}

function requestPart(request: JsonValue | undefined): DescribedPart {
  const method = (textOf(memberOf(request, 'method')) ?? 'get').toUpperCase();
  const path = textOf(memberOf(request, 'path')) ?? '/';
  const query = queryText(memberOf(request, 'query'));
  return {
    name: 'request',
    headline: `${method} ${path}${query === '' ? '' : `?${query}`}`,
    ...httpPart(request),
  };
}

function responsePart(response: JsonValue | undefined): DescribedPart {
  const status = scalarOf(memberOf(response, 'status')) ?? '200';
  return { name: 'response', headline: status, ...httpPart(response) };
}

function httpPart(part: JsonValue | undefined): Omit<DescribedPart, 'name' | 'headline'> {
  const headers = memberOf(part, 'headers');
  return {
    headers: entriesOf(headers).map(([name, value]) => ({ name, value: headerText(value) })),
    body: describeBody(memberOf(part, 'body'), mediaTypeIn(headers)),
    ...rulesOf(part),
  };
}

function messagePart(name: DescribedPart['name'], message: JsonValue): DescribedPart {
  const metadata = memberOf(message, 'metadata') ?? memberOf(message, 'metaData');
  return {
    name,
    headline: textOf(memberOf(message, 'status')) ?? '',
    headers: entriesOf(metadata).map(([key, value]) => ({ name: key, value: headerText(value) })),
    body: describeBody(memberOf(message, 'contents'), mediaTypeIn(metadata)),
    ...rulesOf(message),
  };
}

function rulesOf(part: JsonValue | undefined): Pick<DescribedPart, 'rules' | 'generators'> {
  return {
    rules: describeRules(memberOf(part, 'matchingRules')),
    generators: describeGenerators(memberOf(part, 'generators')),
  };
}

/** Version 2 has the text itself, later ones lists of values by name. */
function queryText(query: JsonValue | undefined): string {
  const text = textOf(query);
  if (text !== undefined) return text;
  return entriesOf(query)
    .flatMap(([name, values]) =>
      (isJsonArray(values) ? values : [values]).map((value) =>
        value === null ? name : `${name}=${scalarOf(value) ?? writeJson(value)}`,
      ),
    )
    .join('&');
}

function headerText(value: JsonValue): string {
  if (isJsonArray(value)) return value.map(headerText).join(', ');
  return scalarOf(value) ?? writeJson(value);
}

function summaryOf(facts: {
  readonly kind: InteractionKind;
  readonly parts: readonly DescribedPart[];
  readonly transport: string | undefined;
  readonly type: string | undefined;
}): string {
  const { kind, parts, transport, type } = facts;
  const [first, ...answers] = parts;
  if (kind === 'http') return parts.map(({ headline }) => headline).join(' → ');
  const sent = first?.body?.mediaType ?? (first?.body === undefined ? 'no contents' : 'contents');
  const what = kind === 'unknown' ? String(type) : (transport ?? 'message');
  return kind === 'message' || answers.length === 0
    ? `${what} (${sent})`
    : `${what} (${sent}) → ${answers.map(answerText).join(', ')}`;
}

function answerText({ headline, body }: DescribedPart): string {
  return headline || (body?.mediaType ?? 'answer');
}

function statesOf(item: JsonObject): readonly DescribedState[] {
  const states =
    item.get('providerStates') ?? item.get('providerState') ?? item.get('provider_state');
  return (isJsonArray(states) ? states : [states]).flatMap((state) => {
    const name = textOf(state) ?? textOf(memberOf(state, 'name'));
    const parameters = memberOf(state, 'params');
    if (name === undefined || name === '') return [];
    const has = isJsonObject(parameters) && parameters.size > 0;
    return [{ name, parameters: has ? writeJson(parameters) : undefined }];
  });
}

/** Texts and the name of the test; V4 lets people add their own keys too, which are shown with their name. */
function commentsOf(comments: JsonValue | undefined): readonly string[] {
  return entriesOf(comments).flatMap(([name, value]) => {
    if (name === 'text') return itemsOf(value).map((line) => textOf(line) ?? writeJson(line));
    const text = textOf(value) ?? writeJson(value);
    return text === '' || text === 'null' ? [] : [`${name}: ${text}`];
  });
}

function pluginsOf(pact: JsonValue): readonly DescribedPlugin[] {
  return itemsOf(memberOf(memberOf(pact, 'metadata'), 'plugins')).flatMap((plugin) => {
    const name = textOf(memberOf(plugin, 'name'));
    if (name === undefined) return [];
    const version = textOf(memberOf(plugin, 'version'));
    return [{ name, version, configuration: '' }];
  });
}

/** The plugins that have something to say about an interaction, with what they say. */
function pluginsOfInteraction(
  item: JsonObject,
  plugins: readonly DescribedPlugin[],
): readonly DescribedPlugin[] {
  return entriesOf(item.get('pluginConfiguration')).map(([name, configuration]) => ({
    name,
    version: plugins.find((plugin) => plugin.name === name)?.version,
    configuration: indentJson(writeJson(configuration)),
  }));
}

function markupOf(markup: JsonValue | undefined): DescribedInteraction['markup'] {
  const text = textOf(memberOf(markup, 'markup'));
  if (text === undefined || text === '') return undefined;
  return { text, type: textOf(memberOf(markup, 'markupType')) ?? 'COMMON_MARK' };
}
