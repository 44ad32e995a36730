export {
  type AuthConfig,
  type BrokerConfig,
  ConfigError,
  type HubConfig,
  type HubFlags,
  readConfig,
} from './config.ts';
export { problemCatalogue } from './http/problem-catalogue.ts';
export { type RunningHub, startHub } from './hub.ts';
export { decodeOtlp } from './traces/decode-otlp.ts';
export {
  type Encodable,
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from './traces/encode-otlp.ts';
