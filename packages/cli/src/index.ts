export type {
  ConcordatConfig,
  ProcessDefinition,
  ServiceDefinition,
  SupportDefinition,
} from './config/concordat-config.ts';
