import { redactHeaders, type WebhookHeaders } from '@concordat/domain';
import type { HeaderList, Sending } from './send-webhook.ts';

const HIDDEN =
  'The response details are not shown, because no whitelist of hosts is configured. See /doc/webhooks#whitelist for more information.';

/** What people read about an attempt: what led to it, what went over the wire (secrets hidden), how it ended. */
export function webhookLog(attempt: {
  readonly sending: Sending;
  readonly context: object;
  readonly success: boolean;
  /** Answers of hosts that nobody vouched for are not shown: they could be pages of an inner network. */
  readonly showsAnswer: boolean;
  readonly at: Date;
}): string {
  const { sending, at } = attempt;
  const { request } = sending;
  const info = [
    `HTTP/1.1 ${request.method} ${request.url}`,
    ...headerLines(request.headers),
    request.body ?? 'null',
    ...answerLines(sending, attempt.showsAnswer),
  ];
  const stamp = `[${at.toISOString().slice(0, 19)}Z]`;
  const lines = [
    `${stamp} DEBUG: Webhook context ${JSON.stringify(attempt.context)}`,
    ...info.map((line) => `${stamp} INFO: ${line}`),
    ...('error' in sending
      ? [`${stamp} ERROR: Error executing webhook: ${attempt.showsAnswer ? sending.error : HIDDEN}`]
      : []),
    `${stamp} INFO: ${attempt.success ? 'Successfully executed webhook' : 'Webhook execution failed'}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Headers that may be shown; a parameter has been filled in by now, so its place in the template protects nothing. */
export function shownHeaders(headers: HeaderList): WebhookHeaders {
  return redactHeaders(Object.fromEntries(headers));
}

/** The sentence in place of an answer that is not shown. */
export const hiddenAnswer = HIDDEN;

function headerLines(headers: HeaderList): readonly string[] {
  return Object.entries(shownHeaders(headers)).map(([name, value]) => `${name}: ${value}`);
}

function answerLines(sending: Sending, showsAnswer: boolean): readonly string[] {
  if ('error' in sending) return [];
  if (!showsAnswer) return [HIDDEN];
  const { answer } = sending;
  return [
    `HTTP/1.1 ${answer.status} ${answer.statusText}`,
    ...headerLines(answer.headers),
    answer.body,
  ];
}
