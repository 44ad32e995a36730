import { describe, expect, test } from 'vitest';
import { mayUpdatePacts, readServiceConfig, readTrafficConfig } from './config.ts';

describe('the configuration of a service', () => {
  test('has defaults that run on one machine', () => {
    const { urlOf: _urlOf, ...config } = readServiceConfig({});
    expect(config).toEqual({
      host: '127.0.0.1',
      port: 0,
      environment: 'development',
      verifying: false,
      amqpUrl: 'amqp://127.0.0.1:5672',
    });
  });

  test('finds other services by their variable', () => {
    const { urlOf } = readServiceConfig({ ORDER_HISTORY_URL: 'http://127.0.0.1:9/' });
    expect(urlOf('order-history')).toBe('http://127.0.0.1:9');
  });

  test.each([
    { what: 'missing', env: {}, message: 'ORDERS_URL is missing' },
    { what: 'no URL', env: { ORDERS_URL: 'orders' }, message: "ORDERS_URL is 'orders'" },
  ])('says when the URL of a service is $what', ({ env, message }) => {
    expect(() => readServiceConfig(env).urlOf('orders')).toThrow(message);
  });

  test.each(['-1', '65536', 'http', '1.5'])('refuses %s as a port', (PORT) => {
    expect(() => readServiceConfig({ PORT })).toThrow(`PORT is '${PORT}'`);
  });

  test.each(['0', 'many'])('refuses %s as a number of baskets', (TRAFFIC_BASKETS) => {
    expect(() => readTrafficConfig({ TRAFFIC_BASKETS })).toThrow('TRAFFIC_BASKETS is');
    expect(readTrafficConfig({ TRAFFIC_BASKETS: '5' }).baskets).toBe(5);
  });

  test('only UPDATE_PACTS=1 lets tests rewrite committed pacts', () => {
    expect([mayUpdatePacts({}), mayUpdatePacts({ UPDATE_PACTS: '1' })]).toEqual([false, true]);
  });
});
