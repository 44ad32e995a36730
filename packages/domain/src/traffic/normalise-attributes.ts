import type { Attributes, AttributeValue, SpanKind } from './span.ts';

type Mutable = Record<string, AttributeValue>;
type Convert = (value: AttributeValue) => AttributeValue;
type Rewrite = (value: AttributeValue, into: Mutable, kind: SpanKind) => void;

/**
 * Adds the current OpenTelemetry name beside every outdated one and keeps the original under its own key. A current
 * name that the sender already set wins. Returns the same object when there was nothing to add.
 */
export function normaliseAttributes(attributes: Attributes, kind: SpanKind): Attributes {
  let result: Mutable | undefined;
  for (const key in attributes) {
    const rewrite = rewrites.get(key);
    if (rewrite === undefined) continue;
    result ??= { ...attributes };
    rewrite(attributes[key] as AttributeValue, result, kind);
  }
  return result ?? attributes;
}

function set(into: Mutable, key: string, value: AttributeValue): void {
  if (into[key] === undefined) into[key] = value;
}

function rename(to: string, convert: Convert = keep): Rewrite {
  return (value, into) => set(into, to, convert(value));
}

function keep(value: AttributeValue): AttributeValue {
  return value;
}

function text(value: AttributeValue): AttributeValue {
  return String(value);
}

function upper(value: AttributeValue): AttributeValue {
  return typeof value === 'string' ? value.toUpperCase() : value;
}

function integer(value: AttributeValue): AttributeValue {
  return typeof value === 'string' && /^-?\d{1,15}(\.0+)?$/.test(value) ? Number(value) : value;
}

/** `a:80`, `[::1]:80`, `::1` and `a` to host and port. */
export function splitHostPort(authority: string): { host: string; port: number | undefined } {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(authority);
  if (match === null) return { host: authority, port: undefined };
  const port = match[3] === undefined ? undefined : Number(match[3]);
  return { host: match[1] ?? (match[2] as string), port };
}

function setAddress(authority: string, into: Mutable): void {
  const { host, port } = splitHostPort(authority);
  set(into, 'server.address', host);
  if (port !== undefined) set(into, 'server.port', port);
}

function fromHost(value: AttributeValue, into: Mutable): void {
  setAddress(String(value), into);
}

function fromTarget(value: AttributeValue, into: Mutable): void {
  const target = String(value);
  const mark = target.indexOf('?');
  set(into, 'url.path', mark < 0 ? target : target.slice(0, mark));
  if (mark >= 0) set(into, 'url.query', target.slice(mark + 1));
}

function fromMessagingUrl(value: AttributeValue, into: Mutable): void {
  const authority = /^[a-z0-9+.-]+:\/\/(?:[^@/?#]*@)?([^/?#]*)/i.exec(String(value))?.[1];
  if (authority !== undefined && authority !== '') setAddress(authority, into);
}

function byPeer(server: string, client: string, convert: Convert): Rewrite {
  return (value, into, kind) => {
    const serverLike = kind === 'server' || kind === 'consumer';
    set(into, serverLike ? client : server, convert(value));
  };
}

function withoutQuestionMark(value: AttributeValue, into: Mutable): void {
  if (typeof value === 'string' && value.startsWith('?')) into['url.query'] = value.slice(1);
}

function fromRpcService(value: AttributeValue, into: Mutable): void {
  const method = into['rpc.method'];
  if (typeof method === 'string' && !method.includes('/'))
    into['rpc.method'] = `${value}/${method}`;
}

const protocolVersions: Readonly<Record<string, string>> = { '2.0': '2', '3.0': '3' };
const operationTypes: Readonly<Record<string, string>> = { publish: 'send', deliver: 'process' };
const databaseSystems: Readonly<Record<string, string>> = { mssql: 'microsoft.sql_server' };
const rpcSystems: Readonly<Record<string, string>> = { connect_rpc: 'connectrpc' };

function fromTable(table: Readonly<Record<string, string>>): Convert {
  return (value) => {
    const known =
      typeof value === 'string' && Object.hasOwn(table, value) ? table[value] : undefined;
    return known ?? value;
  };
}

function transport(value: AttributeValue): AttributeValue {
  return typeof value === 'string' ? value.replace(/^ip_/, '') : value;
}

function fromFlavor(value: AttributeValue, into: Mutable): void {
  if (value === 'QUIC') set(into, 'network.protocol.name', 'quic');
  else set(into, 'network.protocol.version', fromTable(protocolVersions)(String(value)));
}

const grpcCodes = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

function grpcCode(value: AttributeValue): AttributeValue {
  return grpcCodes[Number(value)] ?? String(value);
}

/** Source: OpenTelemetry semantic conventions 1.44, the deprecated registries. */
const rewrites: ReadonlyMap<string, Rewrite> = new Map<string, Rewrite>([
  ['http.method', rename('http.request.method', upper)],
  ['http.status_code', rename('http.response.status_code', integer)],
  ['http.response.status_code', inPlace('http.response.status_code', integer)],
  ['http.url', rename('url.full')],
  ['http.target', fromTarget],
  ['http.scheme', rename('url.scheme')],
  ['http.host', fromHost],
  ['http.server_name', fromHost],
  ['http.client_ip', rename('client.address')],
  ['http.user_agent', rename('user_agent.original')],
  ['http.flavor', fromFlavor],
  ['http.request_content_length', rename('http.request.body.size', integer)],
  ['http.request_content_length_uncompressed', rename('http.request.body.size', integer)],
  ['http.response_content_length', rename('http.response.body.size', integer)],
  ['http.response_content_length_uncompressed', rename('http.response.body.size', integer)],
  ['http.resend_count', rename('http.request.resend_count', integer)],
  ['http.retry_count', rename('http.request.resend_count', integer)],
  ['url.query', withoutQuestionMark],
  ['net.peer.name', byPeer('server.address', 'client.address', text)],
  ['net.peer.port', byPeer('server.port', 'client.port', integer)],
  ['net.host.name', rename('server.address')],
  ['net.host.port', rename('server.port', integer)],
  ['net.peer.ip', rename('network.peer.address')],
  ['net.sock.peer.addr', rename('network.peer.address')],
  ['net.sock.peer.port', rename('network.peer.port', integer)],
  ['net.host.ip', rename('network.local.address')],
  ['net.sock.host.addr', rename('network.local.address')],
  ['net.transport', rename('network.transport', transport)],
  ['net.protocol.name', rename('network.protocol.name')],
  ['net.protocol.version', rename('network.protocol.version')],
  ['net.app.protocol.name', rename('network.protocol.name')],
  ['net.app.protocol.version', rename('network.protocol.version')],
  ['peer.service', rename('service.peer.name')],
  ['messaging.destination', rename('messaging.destination.name')],
  ['messaging.operation', rename('messaging.operation.type', fromTable(operationTypes))],
  ['messaging.message_id', rename('messaging.message.id')],
  ['messaging.conversation_id', rename('messaging.message.conversation_id')],
  ['messaging.message_payload_size_bytes', rename('messaging.message.body.size', integer)],
  ['messaging.consumer_id', rename('messaging.consumer.group.name')],
  ['messaging.kafka.consumer_group', rename('messaging.consumer.group.name')],
  ['messaging.kafka.consumer.group', rename('messaging.consumer.group.name')],
  ['messaging.kafka.partition', rename('messaging.destination.partition.id', text)],
  ['messaging.kafka.destination.partition', rename('messaging.destination.partition.id', text)],
  ['messaging.kafka.message.offset', rename('messaging.kafka.offset', integer)],
  ['messaging.rabbitmq.routing_key', rename('messaging.rabbitmq.destination.routing_key')],
  ['messaging.url', fromMessagingUrl],
  ['messaging.temp_destination', rename('messaging.destination.temporary')],
  ['db.system', rename('db.system.name', fromTable(databaseSystems))],
  ['db.name', rename('db.namespace')],
  ['db.redis.database_index', rename('db.namespace', text)],
  ['db.statement', rename('db.query.text')],
  ['db.operation', rename('db.operation.name')],
  ['db.sql.table', rename('db.collection.name')],
  ['db.mongodb.collection', rename('db.collection.name')],
  ['db.cassandra.table', rename('db.collection.name')],
  ['rpc.system', rename('rpc.system.name', fromTable(rpcSystems))],
  ['rpc.service', fromRpcService],
  ['rpc.grpc.status_code', rename('rpc.status_code', grpcCode)],
  ['rpc.connect_rpc.error_code', rename('rpc.status_code')],
  ['graphql.source', rename('graphql.document')],
  ['deployment.environment', rename('deployment.environment.name')],
]);

/** The names that `normaliseAttributes` knows a current one for, and those whose values it mends. */
export const outdatedNames: readonly string[] = [...rewrites.keys()];

function inPlace(key: string, convert: Convert): Rewrite {
  return (value, into) => {
    into[key] = convert(value);
  };
}
