import { performance } from 'node:perf_hooks';
import type { Registry } from 'prom-client';
import { registerSamples } from './register-samples.ts';

/** The process itself, read when asked: no timer and no observer outlives the hub. */
export function registerProcessMetrics(registry: Registry): void {
  let loop = performance.eventLoopUtilization();
  const figures = [
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'User and system CPU time.',
      value: () => cpuSeconds(),
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      help: 'Resident memory.',
      value: () => process.memoryUsage.rss(),
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'When the process started.',
      value: () => performance.timeOrigin / 1000,
    },
    {
      name: 'nodejs_heap_size_used_bytes',
      type: 'gauge',
      help: 'Used part of the JavaScript heap.',
      value: () => process.memoryUsage().heapUsed,
    },
    {
      name: 'nodejs_eventloop_utilization_ratio',
      type: 'gauge',
      help: 'Busy share of the event loop since the last look.',
      value: () => {
        const { utilization } = performance.eventLoopUtilization(loop);
        loop = performance.eventLoopUtilization();
        return utilization;
      },
    },
  ] as const;
  for (const { name, type, help, value } of figures) {
    registerSamples(registry, {
      name,
      type,
      help,
      samples: () => [{ value: value(), labels: {} }],
    });
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
