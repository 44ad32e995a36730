import { describe, expect, test } from 'vitest';
import { readTracingConfig } from './config.ts';

describe('the settings of tracing', () => {
  test('have defaults for one machine', () => {
    expect(readTracingConfig({})).toEqual({
      exporter: 'otlp',
      otlpUrl: 'http://127.0.0.1:4318/v1/traces',
      jaegerEndpoint: 'http://127.0.0.1:14268/api/traces',
      batchDelayMillis: 500,
      verifying: false,
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
      batchDelayMillis: 50,
      verifying: true,
    });
  });

  test.each([
    { env: { TRACE_EXPORTER: 'zipkin' }, complaint: "TRACE_EXPORTER is 'zipkin'" },
    { env: { OTEL_BSP_SCHEDULE_DELAY: 'soon' }, complaint: "OTEL_BSP_SCHEDULE_DELAY is 'soon'" },
    { env: { OTEL_BSP_SCHEDULE_DELAY: '0' }, complaint: "OTEL_BSP_SCHEDULE_DELAY is '0'" },
  ])('complain of $env and go on with the default', ({ env, complaint }) => {
    const config = readTracingConfig(env);
    expect(config).toMatchObject({ exporter: 'otlp', batchDelayMillis: 500 });
    expect(config.complaints).toEqual([expect.stringContaining(complaint)]);
  });
});
