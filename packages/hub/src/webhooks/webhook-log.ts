import { hideSecrets, redactHeaders, type WebhookHeaders } from '@concordat/domain';
import type { HeaderList } from './expand-webhook.ts';
import type { ReceivedAnswer, Sending } from './send-webhook.ts';
import type { WebhookPolicy } from './webhook-policy.ts';

const HIDDEN =
  'The response details are not shown, because no whitelist of hosts is configured. See /doc/webhooks#whitelist for more information.';
/** Logs are kept for every attempt: of a larger body only its beginning. */
const MAX_LOGGED = 64 * 1024;

/** What people read about an attempt: what led to it, what went over the wire (secrets hidden), how it ended. */
export function webhookLog(attempt: {
  readonly sending: Sending;
  readonly context: object;
  readonly success: boolean;
  readonly policy: WebhookPolicy;
  readonly at: Date;
}): string {
  const { sending, at, policy } = attempt;
  const { request } = sending;
  const { redactsLogs } = policy.config;
  const headers = (list: HeaderList): WebhookHeaders =>
    redactsLogs ? shownHeaders(list) : Object.fromEntries(list);
  const info = [
    `HTTP/1.1 ${request.method} ${request.url}`,
    ...headerLines(headers(request.headers)),
    beginningOf(request.body ?? 'null'),
    ...('error' in sending ? [] : answerLines(sending.answer, policy, headers)),
  ];
  const stamp = `[${at.toISOString().slice(0, 19)}Z]`;
  const lines = [
    `${stamp} DEBUG: Webhook context ${JSON.stringify(attempt.context)}`,
    ...info.map((line) => `${stamp} INFO: ${line}`),
    ...('error' in sending
      ? [`${stamp} ERROR: Error executing webhook: ${shownError(sending.error, policy)}`]
      : []),
    `${stamp} INFO: ${attempt.success ? 'Successfully executed webhook' : 'Webhook execution failed'}`,
  ];
  const text = `${lines.join('\n')}\n`;
  return redactsLogs ? hideSecrets(text, request.secrets) : text;
}

/** Headers that may be shown; a parameter has been filled in by now, so its place in the template protects nothing. */
export function shownHeaders(headers: HeaderList): WebhookHeaders {
  return redactHeaders(Object.fromEntries(headers));
}

/** The sentence in place of an answer that is not shown: what a host says that nobody vouched for could be of an inner network. */
export const hiddenAnswer = HIDDEN;

/** What the hub itself decided may always be read. */
function shownError(
  { kind, message }: Extract<Sending, { readonly error: unknown }>['error'],
  policy: WebhookPolicy,
): string {
  return kind === 'failed' && !policy.hosts.hasList ? HIDDEN : message;
}

function headerLines(headers: WebhookHeaders): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

function answerLines(
  answer: ReceivedAnswer,
  policy: WebhookPolicy,
  headers: (list: HeaderList) => WebhookHeaders,
): readonly string[] {
  if (!policy.hosts.hasList) return [HIDDEN];
  return [
    `HTTP/1.1 ${answer.status} ${answer.statusText}`,
    ...headerLines(headers(answer.headers)),
    answer.body,
    ...(answer.isCut ? ['The rest of the answer was not read.'] : []),
  ];
}

function beginningOf(text: string): string {
  if (text.length <= MAX_LOGGED) return text;
  return `${text.slice(0, MAX_LOGGED)}… (${text.length} characters)`;
}
