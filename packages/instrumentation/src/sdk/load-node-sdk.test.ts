import { createRequire } from 'node:module';
import { describe, expect, test, vi } from 'vitest';
import { atFirstUse, loadNodeSdk } from './load-node-sdk.ts';

const require = createRequire(import.meta.url);

describe('sdk-node loaded without what a service does not use', () => {
  test('is sdk-node, whole when somebody looks', () => {
    const { sdk, BatchSpanProcessor, ParentBasedSampler } = loadNodeSdk();
    expect(sdk).toBe(require('@opentelemetry/sdk-node'));
    expect(typeof sdk.NodeSDK).toBe('function');
    expect(typeof sdk.metrics.MeterProvider).toBe('function');
    expect(Object.keys(sdk.logs)).toContain('LoggerProvider');
    expect([typeof BatchSpanProcessor, typeof ParentBasedSampler]).toEqual([
      'function',
      'function',
    ]);
  });

  test('a module is loaded once, and not before it is looked at', () => {
    const load = vi.fn(() => ({ answer: 42, ask: () => 'what' }));
    const lazy = atFirstUse(load) as { answer: number; ask: () => string };
    expect(load).not.toHaveBeenCalled();
    expect([lazy.answer, lazy.ask(), 'answer' in lazy, 'other' in lazy]).toEqual([
      42,
      'what',
      true,
      false,
    ]);
    expect({ ...lazy }).toMatchObject({ answer: 42 });
    expect(Object.getOwnPropertyDescriptor(lazy, 'other')).toBeUndefined();
    expect(load).toHaveBeenCalledOnce();
  });
});
