import { compileHttpPromise, type HttpPromise } from '../calls/http-promise.ts';
import { HttpMatcher } from '../calls/match-http.ts';
import { compileMessagePromise, MessageMatcher } from '../calls/match-message.ts';
import type { PromisedInteraction } from '../calls/promised-interaction.ts';
import { compileRequest, type RequestCheck } from '../http/compile-request.ts';
import { compileResponse, type ResponseCheck } from '../http/compile-response.ts';
import { readJson } from '../json/read-json.ts';
import { compileMessage, type MessageCheck } from '../messages/compile-message.ts';
import type { HttpInteraction, MessageInteraction, PactInteraction } from '../pact/pact-model.ts';
import { readMessagePart, readRequest, readResponse } from '../pact/pact-parts.ts';
import { parsePact } from '../pact/parse-pact.ts';
import type { RuleNotes } from '../rules/compiled-rule.ts';
import type { Contract } from './contract.ts';
import { fieldsIn } from './fields.ts';
import { HttpJudge, type JudgedHttp } from './judge-http.ts';
import { type JudgedMessage, MessageJudge } from './judge-message.ts';
import type { Profile } from './mismatch.ts';

/** Compiles the text of a pact of any version with everything in it. Never throws: what cannot be read or judged is a defect. */
export function compileContract(content: string, profile: Profile): Contract {
  const pact = parsePact(content, readLossless);
  const defects = [...pact.defects];
  const compiling = { profile, defects };
  const http = pact.interactions
    .filter((interaction): interaction is HttpInteraction => interaction.kind === 'http')
    .map((interaction) => compileHttp(interaction, compiling));
  const messages = pact.interactions
    .filter((interaction): interaction is MessageInteraction => interaction.kind === 'message')
    .map((interaction) => compileOneMessage(interaction, compiling));
  const judgeHttp = new HttpJudge(
    http,
    new HttpMatcher(http.map(({ promise }) => promise)),
    profile,
  );
  const judgeMessage = new MessageJudge(
    messages,
    new MessageMatcher(messages.map(({ promise }) => promise)),
    profile,
  );
  const all = [...http, ...messages];
  return {
    interactions: all.map(({ promise }) => promise.interaction),
    defects,
    judgeHttp: (sample) => judgeHttp.judge(sample),
    judgeMessage: (sample) => judgeMessage.judge(sample),
    fieldsOf: (interaction) => fieldsOf(all, interaction),
  };
}

function readLossless(text: string): unknown {
  const reading = readJson(text);
  if (!reading.ok) {
    throw new SyntaxError(reading.words);
  }
  return reading.value;
}

interface CompilingContract {
  readonly profile: Profile;
  readonly defects: string[];
}

function compileHttp(interaction: HttpInteraction, compiling: CompilingContract): JudgedHttp {
  const { request, response, notation } = interaction.source;
  const notes: RuleNotes = { defects: [], unjudged: pluginsOf(interaction) };
  const reading = { notation, defects: notes.defects };
  const settings = { profile: compiling.profile, notes };
  const promisedResponse = readResponse(response, reading);
  const promise: HttpPromise = compileHttpPromise(interaction, []);
  const requestCheck: RequestCheck = compileRequest(readRequest(request, reading), settings);
  const responseCheck: ResponseCheck = compileResponse(promisedResponse, settings);
  noteDefects(interaction, notes, compiling.defects);
  return {
    promise,
    request: requestCheck,
    response: responseCheck,
    judgeable: notes.unjudged.length === 0,
    fields: () => fieldsIn(promisedResponse.body),
  };
}

function compileOneMessage(
  interaction: MessageInteraction,
  compiling: CompilingContract,
): JudgedMessage {
  const { sent, answers, notation } = interaction.source;
  const notes: RuleNotes = { defects: [], unjudged: pluginsOf(interaction) };
  const reading = { notation, defects: notes.defects };
  const settings = { profile: compiling.profile, notes };
  const promisedMessage = readMessagePart(sent, reading);
  const checks: readonly MessageCheck[] = [
    compileMessage(promisedMessage, settings),
    ...answers.map((answer) => compileMessage(readMessagePart(answer, reading), settings)),
  ];
  noteDefects(interaction, notes, compiling.defects);
  return {
    promise: compileMessagePromise(interaction),
    checks,
    judgeable: notes.unjudged.length === 0,
    fields: () => fieldsIn(promisedMessage.body),
  };
}

function pluginsOf({ plugin }: PactInteraction): string[] {
  return plugin === undefined ? [] : [`It needs the plugin "${plugin}" and is not judged.`];
}

/** A defect names its interaction, and a pact with the same one everywhere says it once for each. */
function noteDefects(interaction: PactInteraction, notes: RuleNotes, defects: string[]): void {
  for (const note of new Set([...notes.defects, ...notes.unjudged])) {
    defects.push(`"${interaction.description}": ${note}`);
  }
}

type Fielded = Pick<JudgedHttp, 'fields'> & {
  readonly promise: { readonly interaction: PromisedInteraction };
};

/** An interaction of the same pact compiled elsewhere is known by what it is called and looks like. */
function fieldsOf(all: readonly Fielded[], wanted: PromisedInteraction): readonly string[] {
  const found =
    all.find(({ promise }) => promise.interaction === wanted) ??
    all.find(({ promise: { interaction } }) => isSame(interaction, wanted));
  return found?.fields() ?? [];
}

function isSame(left: PromisedInteraction, right: PromisedInteraction): boolean {
  return (
    left.description === right.description &&
    left.shape === right.shape &&
    left.providerStates.join('\n') === right.providerStates.join('\n')
  );
}
