import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import { afterEach, describe, expect, test } from 'vitest';
import { nameCaller, readCaller } from './caller-name.ts';

const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const direct = `span=${'b'.repeat(16)}`;

describe('the name of a caller', () => {
  afterEach(() => propagation.disable());

  function injected(ctx = ROOT_CONTEXT): Record<string, string> {
    const headers: Record<string, string> = {};
    propagation.inject(trace.setSpanContext(ctx, spanContext), headers);
    return headers;
  }

  const w3c = () =>
    new CompositePropagator({
      propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
    });

  test('travels with its calls and is read by who is called', () => {
    propagation.setGlobalPropagator(w3c());
    const undo = nameCaller({ name: 'web shop', version: '1.0.0+7;x' });
    const entries = { tenant: { value: 'blue' } };
    const headers = injected(
      propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage(entries)),
    );
    expect(headers.baggage).toContain('tenant=blue');
    expect(readCaller(headers)).toEqual({ name: 'web shop', version: '1.0.0+7;x' });
    const extracted = propagation.extract(ROOT_CONTEXT, headers);
    expect(trace.getSpanContext(extracted)?.spanId).toBe(spanContext.spanId);
    undo();
    expect(injected()).toEqual({ traceparent });
    undo();
    expect(propagation.fields()).toContain('baggage');
  });

  test('of a service further up is not taken for that of the direct caller', () => {
    const headers = { traceparent, baggage: `concordat.consumer=web;span=${'c'.repeat(16)}` };
    expect(readCaller(headers)).toBeUndefined();
  });

  test.each([
    {
      what: 'no version',
      baggage: `a=1, concordat.consumer=web ; ${direct}`,
      caller: { name: 'web', version: undefined },
    },
    { what: 'nothing', baggage: undefined, caller: undefined },
    { what: 'another entry', baggage: 'tenant=blue', caller: undefined },
    { what: 'no span', baggage: 'concordat.consumer=web', caller: undefined },
    { what: 'no name', baggage: `concordat.consumer=;${direct}`, caller: undefined },
    { what: 'a name that is cut', baggage: `concordat.consumer=%E0;${direct}`, caller: undefined },
    {
      what: 'a name without end',
      baggage: `concordat.consumer=${'x'.repeat(201)};${direct}`,
      caller: undefined,
    },
  ])('is read from baggage with $what', ({ baggage, caller }) => {
    expect(readCaller({ traceparent, baggage })).toEqual(caller);
    expect(readCaller({ baggage })).toBeUndefined();
  });

  test.each([
    { what: 'nothing is propagated', propagator: undefined },
    { what: 'no baggage is propagated', propagator: new W3CTraceContextPropagator() },
  ])('is not told where $what', ({ propagator }) => {
    if (propagator !== undefined) propagation.setGlobalPropagator(propagator);
    const undo = nameCaller({ name: 'web', version: undefined });
    expect(injected().baggage).toBeUndefined();
    undo();
  });

  test('is not told without a span to tell it for', () => {
    propagation.setGlobalPropagator(w3c());
    const undo = nameCaller({ name: 'web', version: undefined });
    const headers: Record<string, string> = {};
    propagation.inject(context.active(), headers);
    expect(headers).toEqual({});
    undo();
  });
});
