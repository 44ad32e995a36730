import type { WebhookSelector } from './webhook-request.ts';

/** Which pacts a webhook is about, as its list says. */
export function webhookScope(sides: {
  readonly consumer: WebhookSelector;
  readonly provider: WebhookSelector;
}): string {
  const { consumer, provider } = sides;
  if (consumer.kind === 'name' && provider.kind === 'name') {
    return `A webhook for the pact between ${consumer.name} and ${provider.name}`;
  }
  const parts = [party('consumer', consumer), party('provider', provider)].filter(
    (part) => part !== '',
  );
  const whose = parts.length === 0 ? '' : ` with ${parts.join(' and ')}`;
  return `A webhook for all pacts${whose}`;
}

function party(role: string, selector: WebhookSelector): string {
  switch (selector.kind) {
    case 'name':
      return `${role} ${selector.name}`;
    case 'label':
      return `${role} labeled '${selector.label}'`;
    case 'all':
      return '';
  }
}
