import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import config from '../../contracts/concordat.config.ts';

interface ComposeService {
  readonly image?: string;
  readonly build?: {
    readonly context: string;
    readonly dockerfile: string;
    readonly target: string;
  };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
const dockerfile = read('packages/hub/Dockerfile');
/** Run once, or only drive traffic: nothing can wait for their health. */
const JOBS = ['publish', 'traffic'];

test('the hub, the shop and every engine of the picture are there', () => {
  const shop = config.services.map(({ name }) => name);
  const engines = ['postgresql', 'rabbitmq', 'jaeger', 'jaeger-page', 'prometheus', 'grafana'];
  expect(services.map(([name]) => name).sort()).toEqual(
    ['hub', ...engines, ...shop, ...JOBS].sort(),
  );
});

test.each(services)('%s has an image with an exact tag or is built here', (_, service) => {
  if (service.image !== undefined) {
    expect(service.image).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
    return;
  }
  expect(existsSync(join(root, service.build?.dockerfile ?? 'none'))).toBe(true);
  expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${service.build?.target}$`, 'm'));
});

test.each(services.filter(([name]) => !JOBS.includes(name)))(
  '%s has a health check',
  (_, service) => {
    expect(service.healthcheck?.test[0]).toBe('CMD');
  },
);

test.each(services)('what %s waits for exists and can become what it waits for', (_, service) => {
  for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
    expect(Object.keys(compose.services)).toContain(name);
    expect(condition).toBe(expectedCondition(name));
  }
});

/** The hub keeps spans for a Jaeger that is away, so only its start is waited for. */
function expectedCondition(name: string): string {
  if (name === 'jaeger') return 'service_started';
  return JOBS.includes(name) ? 'service_completed_successfully' : 'service_healthy';
}

test.each(services)('files and volumes that %s mounts exist', (_, service) => {
  for (const mount of service.volumes ?? []) {
    const [source = ''] = mount.split(':');
    if (source.startsWith('./')) expect(existsSync(join(root, source)), source).toBe(true);
    else expect(Object.keys(compose.volumes)).toContain(source);
  }
});

test('ports are published on loopback only and each once', () => {
  const published = services.flatMap(([, { ports = [] }]) => ports);
  for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+(\/udp)?$/);
  const own = published.map((port) => port.split(':')[1]);
  expect(new Set(own).size).toBe(own.length);
});

test('every port of the hub is exposed by its image and published', () => {
  const exposed = /^EXPOSE (9292 .+)$/m.exec(dockerfile)?.[1]?.split(' ') ?? [];
  const published = (compose.services.hub?.ports ?? []).map((port) => port.split(':')[2]);
  expect([...published].sort()).toEqual([...exposed].sort());
  expect(exposed).toEqual(expect.arrayContaining(['4317', '4318', '14268', '6832/udp']));
});

test('the hub is told of PostgreSQL and Jaeger by options that the command has', async () => {
  const options = compose.services.hub?.command ?? [];
  expect(options).toContain('--jaeger-url=http://jaeger:4318');
  expect(options).toContainEqual(
    expect.stringMatching(/^--database-url=postgres:\/\/\S+@postgresql:5432\//),
  );
  const command = read('packages/cli/src/commands/hub-command.ts');
  for (const option of options.filter((one) => one.startsWith('--'))) {
    expect(command).toContain(`'${option.split('=')[0]} <`);
  }
});

test('the line that makes the hub read from Jaeger names an option it has, and the query API of that Jaeger', () => {
  const [, option, address] =
    /^ +# - (--[a-z-]+)=(http:\S+)$/m.exec(read('docker-compose.yml')) ?? [];
  expect(read('packages/cli/src/commands/hub-command.ts')).toContain(`'${option} <`);
  const { hostname, port } = new URL(address ?? '');
  expect([Object.keys(compose.services).includes(hostname), port]).toEqual([true, '16686']);
});

test.each(config.services)(
  '$name gets the address of every service it calls',
  ({ name, calls = [] }) => {
    const given = Object.keys(compose.services[name]?.environment ?? {}).filter((key) =>
      key.endsWith('_URL'),
    );
    const needed = calls.map((callee) => `${callee.toUpperCase().replaceAll('-', '_')}_URL`);
    expect(given.filter((key) => key !== 'AMQP_URL').sort()).toEqual(needed.sort());
  },
);

test.each(config.services)('$name is started with a file that is built', ({ name, process }) => {
  const command = compose.services[name]?.command ?? [];
  expect(command).toEqual(process.command);
  const source = command[1]?.replace('/dist/', '/src/').replace(/\.js$/, '.ts') ?? 'none';
  expect(existsSync(join(root, source)), source).toBe(true);
});

test('every variable of our own services is one the code reads', () => {
  const code = sources('packages').join('\n');
  const standard = ['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const own = services.filter(([, { build }]) => build !== undefined);
  const names = new Set(own.flatMap(([, { environment = {} }]) => Object.keys(environment)));
  for (const name of names) {
    if (name.endsWith('_URL') && name !== 'AMQP_URL') continue;
    const bare = name.replace(/^CONCORDAT_/, '');
    expect(
      standard.includes(name) || code.includes(`'${bare}'`) || code.includes(`env.${name}`),
      name,
    ).toBe(true);
  }
});

test('the images of the Dockerfile are pinned, it does not run as root and keeps no development dependency', () => {
  const bases = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)$/gm)];
  const stages = bases.map(([, , name]) => name);
  for (const [, image = ''] of bases) {
    expect(stages.includes(image) || /^node:\d+\.\d+\.\d+-\w+-slim$/.test(image), image).toBe(true);
  }
  expect(dockerfile).toContain('USER node');
  expect(dockerfile).toContain('npm ci --omit=dev');
});

test('every file the Dockerfile copies exists or is built', () => {
  for (const [, from, source = ''] of dockerfile.matchAll(/^COPY (--from=\S+ )?(.+) \S+$/gm)) {
    for (const path of source.split(' ')) {
      const file = from === undefined ? path : path.replace('/app/', '').replace(/\/dist$/, '');
      expect(existsSync(join(root, file)), file).toBe(true);
    }
  }
});

test('Prometheus scrapes the hub and Grafana reads it as Jaeger, with exemplars leading from one to the other', () => {
  const prometheus = parse(read('dashboards/prometheus.yml'));
  expect(prometheus.scrape_configs[0].static_configs[0].targets).toEqual(['hub:9292']);
  const { datasources } = parse(read('dashboards/provisioning/datasources/datasources.yaml'));
  const [metrics, traces] = datasources;
  expect(metrics).toMatchObject({ uid: 'prometheus', url: 'http://prometheus:9090' });
  expect(metrics.jsonData.exemplarTraceIdDestinations).toEqual([
    { name: 'trace_id', datasourceUid: traces.uid },
  ]);
  expect(traces).toMatchObject({ uid: 'jaeger', type: 'jaeger', url: 'http://hub:9292' });
  const { providers } = parse(read('dashboards/provisioning/dashboards/dashboards.yaml'));
  expect(compose.services.grafana?.volumes).toContain(
    `./dashboards/json:${providers[0].options.path}:ro`,
  );
});

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) =>
      /(?:^|\/)(?:config|main|read-config|configuration)\.ts$|config.*\.ts$/.test(file),
    )
    .filter((file) => !file.includes('node_modules') && !file.includes('/dist/'))
    .map((file) => read(join(folder, file)));
}
