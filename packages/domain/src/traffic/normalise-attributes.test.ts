import { expect, test } from 'vitest';
import { normaliseAttributes, splitHostPort } from './normalise-attributes.ts';
import type { Attributes, SpanKind } from './span.ts';

/** Every row of the table of renamed attributes: what was sent, and what is added to it. */
const rows: readonly (readonly [sent: Attributes, added: Attributes, kind?: SpanKind])[] = [
  [{ 'http.method': 'get' }, { 'http.request.method': 'GET' }],
  [{ 'http.method': 7 }, { 'http.request.method': 7 }],
  [{ 'http.status_code': 200 }, { 'http.response.status_code': 200 }],
  [{ 'http.status_code': '200' }, { 'http.response.status_code': 200 }],
  [{ 'http.status_code': '200.0' }, { 'http.response.status_code': 200 }],
  [{ 'http.response.status_code': '404' }, { 'http.response.status_code': 404 }],
  [{ 'http.status_code': 'none' }, { 'http.response.status_code': 'none' }],
  [{ 'http.url': 'http://a/b?c' }, { 'url.full': 'http://a/b?c' }],
  [{ 'http.target': '/a?b=c?d' }, { 'url.path': '/a', 'url.query': 'b=c?d' }],
  [{ 'http.target': '/a' }, { 'url.path': '/a' }],
  [{ 'http.scheme': 'https' }, { 'url.scheme': 'https' }],
  [{ 'http.host': 'a.example:8080' }, { 'server.address': 'a.example', 'server.port': 8080 }],
  [{ 'http.server_name': '[::1]:80' }, { 'server.address': '::1', 'server.port': 80 }],
  [{ 'http.host': 'a' }, { 'server.address': 'a' }],
  [{ 'http.client_ip': '1.2.3.4' }, { 'client.address': '1.2.3.4' }],
  [{ 'http.user_agent': 'curl' }, { 'user_agent.original': 'curl' }],
  [{ 'http.flavor': '1.1' }, { 'network.protocol.version': '1.1' }],
  [{ 'http.flavor': '2.0' }, { 'network.protocol.version': '2' }],
  [{ 'http.flavor': 'QUIC' }, { 'network.protocol.name': 'quic' }],
  [{ 'http.request_content_length': '12' }, { 'http.request.body.size': 12 }],
  [{ 'http.response_content_length': 12 }, { 'http.response.body.size': 12 }],
  [{ 'http.retry_count': 2 }, { 'http.request.resend_count': 2 }],
  [{ 'url.query': '?a=b' }, { 'url.query': 'a=b' }],
  [{ 'url.query': 'a=b' }, {}],
  [
    { 'net.peer.name': 'a', 'net.peer.port': '80' },
    { 'server.address': 'a', 'server.port': 80 },
    'client',
  ],
  [
    { 'net.peer.name': 'a', 'net.peer.port': 80 },
    { 'client.address': 'a', 'client.port': 80 },
    'server',
  ],
  [{ 'net.peer.name': 'a' }, { 'client.address': 'a' }, 'consumer'],
  [
    { 'net.host.name': 'a', 'net.host.port': 80 },
    { 'server.address': 'a', 'server.port': 80 },
  ],
  [{ 'net.sock.peer.addr': '1.2.3.4' }, { 'network.peer.address': '1.2.3.4' }],
  [{ 'net.host.ip': '1.2.3.4' }, { 'network.local.address': '1.2.3.4' }],
  [{ 'net.transport': 'ip_tcp' }, { 'network.transport': 'tcp' }],
  [{ 'net.transport': 1 }, { 'network.transport': 1 }],
  [{ 'peer.service': 'orders' }, { 'service.peer.name': 'orders' }],
  [{ 'messaging.destination': 'events' }, { 'messaging.destination.name': 'events' }],
  [{ 'messaging.operation': 'publish' }, { 'messaging.operation.type': 'send' }],
  [{ 'messaging.operation': 'deliver' }, { 'messaging.operation.type': 'process' }],
  [{ 'messaging.operation': 'receive' }, { 'messaging.operation.type': 'receive' }],
  [{ 'messaging.message_id': 'm' }, { 'messaging.message.id': 'm' }],
  [{ 'messaging.conversation_id': 'c' }, { 'messaging.message.conversation_id': 'c' }],
  [{ 'messaging.kafka.consumer_group': 'g' }, { 'messaging.consumer.group.name': 'g' }],
  [{ 'messaging.kafka.partition': 3 }, { 'messaging.destination.partition.id': '3' }],
  [{ 'messaging.kafka.message.offset': '9' }, { 'messaging.kafka.offset': 9 }],
  [
    { 'messaging.rabbitmq.routing_key': 'order.placed' },
    { 'messaging.rabbitmq.destination.routing_key': 'order.placed' },
  ],
  [
    { 'messaging.url': 'amqp://user:word@mq:5672/v' },
    { 'server.address': 'mq', 'server.port': 5672 },
  ],
  [{ 'messaging.url': 'amqp://' }, {}],
  [{ 'messaging.url': 'mq' }, {}],
  [{ 'db.system': 'postgresql' }, { 'db.system.name': 'postgresql' }],
  [{ 'db.system': 'mssql' }, { 'db.system.name': 'microsoft.sql_server' }],
  [{ 'db.system': 'constructor' }, { 'db.system.name': 'constructor' }],
  [{ 'db.redis.database_index': 4 }, { 'db.namespace': '4' }],
  [{ 'db.statement': 'SELECT 1' }, { 'db.query.text': 'SELECT 1' }],
  [{ 'rpc.system': 'connect_rpc' }, { 'rpc.system.name': 'connectrpc' }],
  [{ 'rpc.service': 'shop.Orders', 'rpc.method': 'Get' }, { 'rpc.method': 'shop.Orders/Get' }],
  [{ 'rpc.service': 'shop.Orders', 'rpc.method': 'shop.Orders/Get' }, {}],
  [{ 'rpc.grpc.status_code': 5 }, { 'rpc.status_code': 'NOT_FOUND' }],
  [{ 'rpc.grpc.status_code': 99 }, { 'rpc.status_code': '99' }],
  [{ 'graphql.source': '{a}' }, { 'graphql.document': '{a}' }],
  [{ 'deployment.environment': 'production' }, { 'deployment.environment.name': 'production' }],
];

const cases = rows.map(([sent, added, kind = 'client']) => ({ sent, added, kind }));

test.each(cases)('$sent gains $added and keeps what was sent', ({ sent, added, kind }) => {
  expect(normaliseAttributes(sent, kind)).toEqual({ ...sent, ...added });
});

test('a current name that the sender set wins over the outdated one', () => {
  const sent = { 'http.method': 'GET', 'http.request.method': 'POST' };
  expect(normaliseAttributes(sent, 'client')).toEqual(sent);
});

test('attributes with current names only come back as the same object', () => {
  const sent = { 'url.path': '/a', 'http.request.method': 'GET' };
  expect(normaliseAttributes(sent, 'server')).toBe(sent);
});

test.each([
  ['a:80', { host: 'a', port: 80 }],
  ['a', { host: 'a', port: undefined }],
  ['[::1]:80', { host: '::1', port: 80 }],
  ['[::1]', { host: '::1', port: undefined }],
  ['::1', { host: '::1', port: undefined }],
])('%s is split into host and port', (authority, parts) => {
  expect(splitHostPort(authority)).toEqual(parts);
});
