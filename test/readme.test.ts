import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { problemCatalogue } from '@concordat/hub';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');

/** The table rows of a section, cells without their backticks. */
function rows(section: string): readonly (readonly string[])[] {
  const [, text = ''] = readme.split(`\n## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  return own
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|--'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Everything between backticks in the first column. */
function named(section: string): readonly string[] {
  return rows(section).flatMap(([first = '']) =>
    Array.from(first.matchAll(/`([^`]+)`/g), ([, name = '']) => name),
  );
}

test('the problem codes are those of the catalogue, with their status and type', () => {
  const listed = rows('Problem codes').slice(1);
  const expected = Object.entries(problemCatalogue).map(([code, { status, type }]) => [
    `\`${code}\``,
    String(status),
    `\`${type}\``,
  ]);
  expect(listed.map((row) => row.slice(0, 3)).sort()).toEqual(expected.sort());
});

test('the variables are those the code reads', () => {
  const listed = named('Variables').filter((name) => !name.endsWith('…'));
  expect([...listed].sort()).toEqual([...readVariables()].sort());
});

test('the commands are those of the command line', async () => {
  const main = join(root, 'packages/cli/src/main.ts');
  const args = ['--import', 'tsx', '--conditions=@concordat/source', main, '--help'];
  const { stdout } = await run(process.execPath, args, { cwd: root });
  const [, list = ''] = stdout.split('Commands:');
  const commands = Array.from(list.matchAll(/^ {2}([a-z][\w-]*)/gm), ([, name]) => name);
  const scripts = named('Commands').filter((name) => name.startsWith('npm '));
  const listed = named('Commands').filter((name) => !scripts.includes(name));
  expect([...listed].sort()).toEqual(commands.filter((name) => name !== 'help').sort());
});

test('the scripts are those of package.json', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const listed = named('Commands').filter((name) => name.startsWith('npm '));
  const own = Object.keys(scripts).filter((name) => !/^(pre|post)[a-z]/.test(name));
  const spelled = own.map((name) =>
    name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`,
  );
  expect([...listed].sort()).toEqual(spelled.sort());
});

test('the map names every package and folder', () => {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  const folders = ['contracts', 'dashboards', 'test'];
  expect(named('Map of the house')).toEqual(expect.arrayContaining([...packages, ...folders]));
  expect(named('Map of the house')).toHaveLength(packages.length + folders.length);
});

test('what is planted in the shop stands where the table says', () => {
  const [, ...planted] = rows('Run it in a minute');
  expect(planted).toHaveLength(4);
  for (const [, kind = '', where = ''] of planted) {
    const source = read(`packages/reference-services/src/${where.replaceAll('`', '')}`);
    expect(source, where).toContain('Planted:');
    expect(read('packages/domain/src/findings/finding.ts')).toContain(kind.replaceAll('`', "'"));
  }
});

test('every file and workflow that is named exists', () => {
  for (const [, file = ''] of readme.matchAll(/`(\.github\/[\w/.-]+|\.ci\/\w+|[\w-]+\.yml)`/g)) {
    const path = file.endsWith('.yml') && !file.includes('/') ? `.github/workflows/${file}` : file;
    expect(() => readdirSync(join(root, path.split('/').slice(0, -1).join('/')))).not.toThrow();
    const parent = readdirSync(join(root, path.split('/').slice(0, -1).join('/')));
    expect(parent, path).toContain(path.split('/').at(-1));
  }
});

function readVariables(): ReadonlySet<string> {
  const hub = ['config', 'settings', 'clean/read-clean-config']
    .map((name) => read(`packages/hub/src/${name}.ts`))
    .join('');
  const names = matches(hub, [
    /settings\.(?:text|port|optionalPort|url|hours|seconds|whole|words|numbers|flag|json|jsonFile|oneOf)\((?:\s*(?:'[a-z]\w*'|undefined),)?\s*'([A-Z_]+)'/g,
    /(?:this|settings)\.variable\('([A-Z_]+)'\)/g,
  ]);
  const users = matches(hub, [/settings\.user\('([A-Z_]+)'\)/g]).flatMap((prefix) => [
    `${prefix}_USERNAME`,
    `${prefix}_PASSWORD`,
  ]);
  const environment = /env\.([A-Z][A-Z0-9_]+)/g;
  const others = [
    ...matches(read('packages/cli/src/config.ts'), [environment]),
    ...matches(read('packages/instrumentation/src/config.ts'), [environment]),
    ...matches(read('test/vitest.config.ts'), [environment]),
    ...serviceVariables(),
  ];
  return new Set([...names, ...users, ...others]);
}

function serviceVariables(): readonly string[] {
  const files = readdirSync(join(root, 'test/services')).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) =>
    matches(read(`test/services/${file}`), [/variable: '([A-Z_]+)'/g]),
  );
}

function matches(text: string, patterns: readonly RegExp[]): readonly string[] {
  return patterns.flatMap((pattern) => Array.from(text.matchAll(pattern), ([, name = '']) => name));
}
