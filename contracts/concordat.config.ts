import type { ConcordatConfig, ProcessDefinition, ServiceDefinition } from '@concordat/cli';
import { identities, type ServiceName } from '@concordat/reference-services';

const providerStates = '/_pact/provider-states';

/** The one list of the shop's services: published, verified, started and recorded from here. */
const config: ConcordatConfig = {
  environment: 'production',
  support: [
    {
      name: 'event-broker',
      process: processOf('event-broker'),
      variable: 'AMQP_URL',
      value: 'amqp://127.0.0.1:{port}',
    },
  ],
  services: [
    service('inventory', {
      contracts: ['openapi/inventory.yaml'],
      verification: { providerStates },
    }),
    service('payments', {
      contracts: ['openapi/payments.yaml'],
      verification: { providerStates },
    }),
    service('orders', {
      calls: ['inventory', 'payments'],
      pacts: 'pacts/orders-*.json',
      contracts: ['openapi/orders.yaml', 'asyncapi/orders.yaml'],
      verification: { providerStates, messages: '/_pact/messages' },
    }),
    service('gateway', {
      calls: ['orders'],
      pacts: 'pacts/gateway-*.json',
      contracts: ['openapi/gateway.yaml'],
      verification: { providerStates },
    }),
    service('storefront', {
      calls: ['gateway'],
      pacts: 'pacts/storefront-*.json',
      contracts: ['openapi/storefront.yaml'],
    }),
    service('shipping', {
      pacts: 'pacts/shipping-*.json',
      contracts: ['asyncapi/shipping.yaml'],
    }),
    service('notifications', {
      pacts: 'pacts/notifications-*.json',
      contracts: ['asyncapi/notifications.yaml'],
      // Planted: it runs all the same, so the traffic shows an `unrecorded-version`.
      recordDeployment: false,
    }),
  ],
  expectedFindings: [
    {
      kind: 'uncovered-call',
      consumer: 'storefront',
      provider: 'gateway',
      operation: 'GET /v1/recommendations',
    },
    {
      kind: 'unpromised-status',
      consumer: 'orders',
      provider: 'payments',
      operation: 'POST /v1/charges',
    },
    {
      kind: 'not-seen',
      consumer: 'gateway',
      provider: 'orders',
      operation: 'DELETE /v1/orders/{id}',
    },
    { kind: 'unrecorded-version', provider: 'notifications' },
  ],
  traffic: { command: ['node', 'packages/reference-services/dist/traffic/main.js'] },
};

export default config;

function service(
  name: ServiceName,
  rest: Omit<ServiceDefinition, 'name' | 'version' | 'branch' | 'process'>,
): ServiceDefinition {
  const { version } = identities[name];
  return { name, version, branch: 'main', process: processOf(name), ...rest };
}

function processOf(name: string): ProcessDefinition {
  return {
    command: ['node', `packages/reference-services/dist/${name}/main.js`],
    health: '/health',
  };
}
