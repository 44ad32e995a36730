import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readApplication } from './application.ts';
import { readGitHead } from './read-git-head.ts';
import { serviceResource } from './service-resource.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'concordat-resource-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, content: string | object): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** Runs the real git on the test's folder. */
function git(...args: string[]): string {
  const identity = ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function commit(): string {
  git('init', '-q', '-b', 'feature/x');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  return git('rev-parse', 'HEAD');
}

describe('what is checked out', () => {
  test('is read from loose refs', () => {
    const sha = commit();
    mkdirSync(join(folder, 'deep/er'), { recursive: true });
    expect(readGitHead(join(folder, 'deep/er'))).toEqual({ commit: sha, branch: 'feature/x' });
  });

  test('is read from packed refs', () => {
    const sha = commit();
    git('pack-refs', '--all');
    expect(readGitHead(folder)).toEqual({ commit: sha, branch: 'feature/x' });
  });

  test('has no branch when a commit is checked out', () => {
    const sha = commit();
    git('checkout', '-q', '--detach');
    expect(readGitHead(folder)).toEqual({ commit: sha, branch: undefined });
  });

  test.each(['loose', 'packed'])('is read in a worktree with %s refs', (kind) => {
    const sha = commit();
    git('worktree', 'add', '-q', '-b', 'hotfix', join(folder, 'tree'));
    if (kind === 'packed') git('pack-refs', '--all');
    expect(readGitHead(join(folder, 'tree'))).toEqual({ commit: sha, branch: 'hotfix' });
  });

  test('is unknown before the first commit', () => {
    git('init', '-q', '-b', 'main');
    expect(readGitHead(folder)).toEqual({ commit: undefined, branch: 'main' });
  });

  test.each([
    { what: 'a .git file that names nothing', path: '.git', content: 'nonsense' },
    { what: 'a .git file that names a folder that is gone', path: '.git', content: 'gitdir: gone' },
    { what: 'a folder without HEAD', path: '.git/config', content: '' },
  ])('is unknown with $what', ({ path, content }) => {
    write(path, content);
    expect(readGitHead(folder)).toBeUndefined();
  });

  test('is unknown when HEAD is nonsense', () => {
    write('.git/HEAD', 'what is this');
    expect(readGitHead(folder)).toEqual({ commit: undefined, branch: undefined });
  });

  test('is unknown outside of any repository', () => {
    expect(readGitHead(folder)).toBeUndefined();
  });
});

describe('the application', () => {
  test.each([
    { script: 'src/app.js', type: 'module', isModule: true },
    { script: 'src/app.js', type: 'commonjs', isModule: false },
    { script: 'src/app.ts', type: undefined, isModule: false },
    { script: 'src/app.mjs', type: undefined, isModule: true },
    { script: 'src/app.cjs', type: 'module', isModule: false },
  ])('$script in a package of type $type is a module: $isModule', ({ script, type, isModule }) => {
    write('package.json', { name: '@acme/orders', version: '2.3.0', type });
    const file = write(script, '');
    expect(readApplication(file, '/')).toMatchObject({
      isModule,
      package: { name: '@acme/orders', version: '2.3.0' },
    });
  });

  test('a package.json without a name belongs to the package above it', () => {
    write('package.json', { name: 'orders', version: '1.0.0' });
    write('dist/package.json', { type: 'module' });
    expect(readApplication(write('dist/app.js', ''), '/').package?.version).toBe('1.0.0');
  });

  test.each(['node_modules/runner/bin.js', undefined])(
    'is what lies in the working folder when %s runs it',
    (script) => {
      write('package.json', { name: 'orders', version: '1.0.0' });
      const file = script === undefined ? undefined : write(script, '');
      const found = readApplication(file ?? join(folder, 'gone.js'), folder);
      expect(found).toMatchObject({ folder, package: { name: 'orders' } });
    },
  );
});

describe('the resource', () => {
  const nothing = { service: undefined, resource: {}, verifying: false };

  function application(content: object) {
    write('package.json', content);
    return readApplication(write('app.js', ''), folder);
  }

  test('takes what it is told before variables, and variables before the program', () => {
    const own = application({ name: '@acme/orders', version: '1.0.0' });
    const resource = {
      'service.name': 'b',
      'service.version': '2',
      'deployment.environment': 'staging',
      team: 'core',
    };
    const told = { service: 'a', version: '3', environment: 'production' };
    const read = (identity: object, known: object) =>
      serviceResource(identity, { ...nothing, ...known, application: own }).attributes;
    expect(read(told, { resource, service: 'c' })).toMatchObject({
      'service.name': 'a',
      'service.version': '3',
      'deployment.environment.name': 'production',
      team: 'core',
    });
    expect(read({}, { resource, service: 'c' })).toMatchObject({
      'service.name': 'c',
      'service.version': '2',
      'deployment.environment.name': 'staging',
    });
    expect(read({}, { resource })).toMatchObject({ 'service.name': 'b' });
    expect(read({}, {})).toMatchObject({ 'service.name': 'orders', 'service.version': '1.0.0' });
  });

  test.each(['0.0.0', '0.0.0-development', undefined])(
    'takes the commit and branch when the package says version %s',
    (version) => {
      const sha = commit();
      const own = application({ name: 'orders', version });
      const { attributes } = serviceResource({}, { ...nothing, application: own });
      expect(attributes).toMatchObject({
        'service.version': sha,
        'vcs.ref.head.name': 'feature/x',
        'vcs.ref.head.revision': sha,
      });
    },
  );

  test('names every process on its own and never its arguments or owner', () => {
    const own = application({ name: 'orders', version: '1.0.0' });
    const read = () => serviceResource({}, { ...nothing, application: own }).attributes;
    const [first, second] = [read(), read()];
    expect(first['service.instance.id']).not.toBe(second['service.instance.id']);
    expect(Object.keys(first)).toEqual(
      expect.arrayContaining(['host.name', 'process.pid', 'process.runtime.version']),
    );
    expect(Object.keys(first).join()).not.toMatch(/command|owner|executable/);
  });

  test('says what is missing, what that costs and what to do', () => {
    const own = { folder, package: undefined, isModule: false };
    const { attributes, complaints } = serviceResource({}, { ...nothing, application: own });
    expect(attributes['service.name']).toBe('unknown_service:node');
    expect(complaints).toEqual([
      expect.stringMatching(/no name, so the hub .* finds no pacts .* OTEL_SERVICE_NAME/),
      expect.stringMatching(
        /no version, so the hub cannot say which pacticipant version .* 'version'/,
      ),
      expect.stringMatching(/no environment, so the hub cannot compare .* 'environment'/),
    ]);
  });

  test('belongs to a test under verification', () => {
    const own = application({ name: 'orders', version: '1.0.0' });
    const told = { environment: 'production' };
    const { attributes, complaints } = serviceResource(told, {
      ...nothing,
      verifying: true,
      application: own,
    });
    expect(attributes).toMatchObject({
      'deployment.environment.name': 'test',
      'concordat.verification': true,
    });
    expect(complaints).toEqual([]);
  });
});
