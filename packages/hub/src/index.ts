export {
  type AuthConfig,
  type BrokerConfig,
  ConfigError,
  type HubConfig,
  type HubFlags,
  readConfig,
} from './config.ts';
export { type RunningHub, startHub } from './hub.ts';
