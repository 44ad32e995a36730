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

/** Shorter values stand in many places that are no secret. */
const SHORTEST_SECRET = 4;

/** The values that must not be read anywhere: those of headers that carry credentials, whole and without their scheme, and `others`. */
export function secretsOf(
  headers: WebhookHeaders,
  others: readonly (string | undefined)[],
): readonly string[] {
  const values = Object.entries(headers)
    .filter(([name]) => SENSITIVE.test(name))
    .flatMap(([, value]) => [value, value.slice(value.indexOf(' ') + 1)]);
  const written = [...values, ...others].flatMap((value) =>
    value === undefined
      ? []
      : [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)],
  );
  return [...new Set(written)]
    .filter((value) => value.length >= SHORTEST_SECRET)
    .sort((left, right) => right.length - left.length);
}

/** The text with every secret hidden, wherever it stands: a target may answer with what it was sent. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, REDACTED), text);
}
