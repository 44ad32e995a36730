/** What stands where a secret is not shown; sent back, it means "as it was". */
export const REDACTED = '**********';

const SENSITIVE = /authorization|token/i;
const PARAMETER = /\$\{pactbroker\.[^}]*\}/;

export type WebhookHeaders = Readonly<Record<string, string>>;

/** Headers as they may be shown: values of headers that carry credentials are hidden, unless they only name a parameter. */
export function redactHeaders(headers: WebhookHeaders): WebhookHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SENSITIVE.test(name) && !PARAMETER.test(value) ? REDACTED : value,
    ]),
  );
}

/** Headers as sent by somebody who read the redacted ones: what is still hidden keeps its value. */
export function keepSecretHeaders(sent: WebhookHeaders, stored: WebhookHeaders): WebhookHeaders {
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [
      name,
      value === REDACTED ? (stored[name] ?? value) : value,
    ]),
  );
}
