import { describe, expect, test } from 'vitest';
import { readTracingConfig } from './config.ts';

describe('the settings of tracing', () => {
  test('have defaults for one machine', () => {
    expect(readTracingConfig({})).toEqual({
      disabled: false,
      exporter: 'otlp',
      otlpProtocol: 'http/protobuf',
      otlpUrl: 'http://127.0.0.1:4318/v1/traces',
      jaegerEndpoint: 'http://127.0.0.1:14268/api/traces',
      batching: { scheduledDelayMillis: 500 },
      sampling: undefined,
      service: undefined,
      resource: {},
      instrumentations: { enabled: undefined, disabled: [] },
      verifying: false,
      guard: {},
      complaints: [],
    });
  });

  test.each([
    { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://hub:4318' } },
    { env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://hub:4318/v1/traces' } },
  ])('leave a named OTLP endpoint to the exporter: $env', ({ env }) => {
    expect(readTracingConfig(env).otlpUrl).toBeUndefined();
  });

  test('take the Jaeger exporter, its endpoint, the batch delay and verification from the environment', () => {
    const config = readTracingConfig({
      TRACE_EXPORTER: 'jaeger',
      OTEL_EXPORTER_JAEGER_ENDPOINT: 'http://hub:14268/api/traces',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      CONCORDAT_VERIFYING: '1',
    });
    expect(config).toMatchObject({
      exporter: 'jaeger',
      jaegerEndpoint: 'http://hub:14268/api/traces',
      batching: { scheduledDelayMillis: 50 },
      verifying: true,
    });
  });

  test.each([
    { env: { OTEL_SDK_DISABLED: 'True' }, expected: { disabled: true } },
    { env: { OTEL_TRACES_EXPORTER: 'jaeger' }, expected: { exporter: 'jaeger' } },
    { env: { OTEL_TRACES_EXPORTER: 'none' }, expected: { exporter: 'none' } },
    {
      env: { OTEL_TRACES_EXPORTER: 'none', TRACE_EXPORTER: 'otlp' },
      expected: { exporter: 'otlp' },
    },
    {
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      expected: { otlpProtocol: 'grpc', otlpUrl: 'http://127.0.0.1:4317' },
    },
    {
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      expected: { otlpProtocol: 'http/json' },
    },
    {
      env: {
        OTEL_BSP_MAX_QUEUE_SIZE: '9',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '3',
        OTEL_BSP_EXPORT_TIMEOUT: '70',
      },
      expected: {
        batching: {
          scheduledDelayMillis: 500,
          maxQueueSize: 9,
          maxExportBatchSize: 3,
          exportTimeoutMillis: 70,
        },
      },
    },
    {
      env: { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
      expected: { sampling: { ratio: 0.25, parentBased: false } },
    },
    {
      env: { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' },
      expected: { sampling: { ratio: 0, parentBased: true } },
    },
    { env: { OTEL_TRACES_SAMPLER: 'always_off' }, expected: { sampling: undefined } },
    {
      env: {
        OTEL_SERVICE_NAME: 'orders',
        OTEL_RESOURCE_ATTRIBUTES: 'service.version=2%2C3, team = a=b ,',
      },
      expected: { service: 'orders', resource: { 'service.version': '2,3', team: 'a=b' } },
    },
    {
      env: {
        OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http, pg',
        OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'pg',
      },
      expected: { instrumentations: { enabled: ['http', 'pg'], disabled: ['pg'] } },
    },
  ])('honour $env', ({ env, expected }) => {
    const config = readTracingConfig(env);
    expect(config).toMatchObject(expected);
    expect(config.complaints).toEqual([]);
  });

  test.each([
    { env: { TRACE_EXPORTER: 'zipkin' }, complaint: "TRACE_EXPORTER is 'zipkin'" },
    { env: { OTEL_BSP_SCHEDULE_DELAY: 'soon' }, complaint: "OTEL_BSP_SCHEDULE_DELAY is 'soon'" },
    { env: { OTEL_BSP_SCHEDULE_DELAY: '0' }, complaint: "OTEL_BSP_SCHEDULE_DELAY is '0'" },
    { env: { OTEL_TRACES_EXPORTER: 'console' }, complaint: "OTEL_TRACES_EXPORTER is 'console'" },
    {
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'soap' },
      complaint: "OTEL_EXPORTER_OTLP_PROTOCOL is 'soap'",
    },
    { env: { OTEL_TRACES_SAMPLER: 'traceidratio' }, complaint: "OTEL_TRACES_SAMPLER_ARG is ''" },
    {
      env: { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '7' },
      complaint: "OTEL_TRACES_SAMPLER_ARG is '7'",
    },
    {
      env: { OTEL_RESOURCE_ATTRIBUTES: 'lonely' },
      complaint: "OTEL_RESOURCE_ATTRIBUTES has 'lonely'",
    },
    {
      env: { OTEL_RESOURCE_ATTRIBUTES: 'a=%zz' },
      complaint: "OTEL_RESOURCE_ATTRIBUTES has 'a=%zz'",
    },
  ])('complain of $env and go on with the default', ({ env, complaint }) => {
    const config = readTracingConfig(env);
    expect(config).toMatchObject({
      exporter: 'otlp',
      otlpProtocol: 'http/protobuf',
      batching: { scheduledDelayMillis: 500 },
      resource: {},
    });
    expect(config.complaints).toEqual([expect.stringContaining(complaint)]);
  });

  test.each([
    { env: { CONCORDAT_GUARD: 'on' }, guard: { sides: 'both' } },
    { env: { CONCORDAT_GUARD: ' Consumer ' }, guard: { sides: 'consumer' } },
    { env: { CONCORDAT_GUARD: '0' }, guard: { sides: 'off' } },
    { env: { CONCORDAT_HUB_URL: 'https://hub:9292' }, guard: { hubUrl: 'https://hub:9292' } },
    { env: { CONCORDAT_GUARD_RATE: '0.5' }, guard: { rate: 0.5 } },
    { env: { PACT_BROKER_TOKEN: 't' }, guard: { authorization: 'Bearer t' } },
    {
      env: { PACT_BROKER_USERNAME: 'ada', PACT_BROKER_PASSWORD: 'secret' },
      guard: { authorization: 'Basic YWRhOnNlY3JldA==' },
    },
    { env: { PACT_BROKER_USERNAME: 'ada' }, guard: { authorization: 'Basic YWRhOg==' } },
  ])('tell the guard: $env', ({ env, guard }) => {
    const config = readTracingConfig(env);
    expect([config.guard, config.complaints]).toEqual([guard, []]);
  });

  test.each([
    {
      env: { CONCORDAT_GUARD: 'maybe' },
      complaint: /CONCORDAT_GUARD is 'maybe'; use on, provider/,
    },
    { env: { CONCORDAT_GUARD: 'constructor' }, complaint: /CONCORDAT_GUARD is 'constructor'/ },
    { env: { CONCORDAT_HUB_URL: 'hub:9292' }, complaint: /CONCORDAT_HUB_URL is 'hub:9292'/ },
    { env: { CONCORDAT_GUARD_RATE: '5' }, complaint: /CONCORDAT_GUARD_RATE is '5'/ },
  ])('tell the guard nothing that cannot be read: $env', ({ env, complaint }) => {
    const config = readTracingConfig(env);
    expect(config.guard).toEqual({});
    expect(config.complaints).toEqual([expect.stringMatching(complaint)]);
  });
});
