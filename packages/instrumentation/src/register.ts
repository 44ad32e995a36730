// For `node --import` and `node --require`: tracing starts before the application, from environment variables alone.
import { startTracing } from './start-tracing-once.ts';

startTracing();
