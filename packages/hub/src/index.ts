export {
  type AuthConfig,
  type BrokerConfig,
  ConfigError,
  type HubConfig,
  type HubFlags,
  readConfig,
} from './config.ts';
export { type Database, openDatabase, openSqlite } from './database/database.ts';
export { LibsqlDatabase } from './database/libsql-database.ts';
export { problemCatalogue } from './http/problem-catalogue.ts';
export { type RunningHub, startHub } from './hub.ts';
export { CallCounter } from './insights/count-calls.ts';
export { compileInForce, PromiseBook } from './insights/promise-book.ts';
export { ProviderContractsInForce } from './insights/provider-contracts-in-force.ts';
export { decodeOtlp } from './traces/decode/decode-otlp.ts';
export {
  type Encodable,
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from './traces/decode/encode-otlp.ts';
export { type OpenSpanStore, openSpanStore } from './traces/store/open-span-store.ts';
