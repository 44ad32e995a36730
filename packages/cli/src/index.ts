export type {
  ConcordatConfig,
  ExpectedFinding,
  ProcessDefinition,
  ServiceDefinition,
  SupportDefinition,
} from './config/concordat-config.ts';
