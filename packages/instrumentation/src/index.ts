export { concordatAttributes } from './attribute-names.ts';
export type { ServiceIdentity } from './resource/service-resource.ts';
export type { Tracing, TracingOptions } from './start-tracing.ts';
export { startTracing } from './start-tracing-once.ts';
