export { concordatAttributes } from './attribute-names.ts';
export type { ServiceIdentity } from './resource.ts';
export { startTracing, type Tracing, type TracingOptions } from './start-tracing.ts';
