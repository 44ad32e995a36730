import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from './free-port.ts';
import type { SupervisedProcess } from './supervised-process.ts';
import { Supervisor } from './supervisor.ts';
import { waitUntil } from './wait-until.ts';

const supervisors: Supervisor[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  await Promise.all(supervisors.splice(0).map((one) => one.stopAll()));
});

function start(script: string, env: NodeJS.ProcessEnv = {}): [SupervisedProcess, Supervisor] {
  const supervisor = new Supervisor();
  supervisors.push(supervisor);
  const command = ['node', '-e', script];
  return [supervisor.start({ name: 'shop', command, cwd: process.cwd(), env }), supervisor];
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function pidWrittenBy(child: SupervisedProcess): Promise<number> {
  const pid = await waitUntil(async () => Number(child.lastLines()) || undefined, {
    timeoutMs: 10_000,
  });
  return pid ?? 0;
}

describe('a supervised process', () => {
  test('is ready when its health answers 200, and gone after it was stopped', async () => {
    const port = await freePort('127.0.0.1');
    const [child, supervisor] = start(
      `let asked = 0;
       require('http').createServer((q, r) => { r.statusCode = ++asked < 3 ? 503 : 200; r.end(); }).listen(${port}, '127.0.0.1')`,
    );
    await child.ready(`http://127.0.0.1:${port}/health`, never);
    expect(child.hasEnded).toBe(false);
    await supervisor.stop(child);
    expect(child.hasEnded).toBe(true);
  });

  test('that ends while starting is an error with its exit code and its last lines', async () => {
    const [child] = start(`console.error('no such port'); process.exit(3)`);
    const ready = child.ready('http://127.0.0.1:9/health', never);
    await expect(ready).rejects.toThrow(
      /shop ended with exit code 3\. Its last lines:\n {4}no such port/,
    );
  });

  test('that never answers is an error in time, also when it wrote nothing', async () => {
    const [child] = start('setInterval(() => {}, 1000)');
    const ready = child.ready('http://127.0.0.1:9/health', never, 100);
    await expect(ready).rejects.toThrow(
      'did not answer http://127.0.0.1:9/health in time. It wrote nothing.',
    );
  });

  test('whose program does not exist is an error that says so', async () => {
    const supervisor = new Supervisor();
    supervisors.push(supervisor);
    const command = ['no-such-program-at-all'];
    const child = supervisor.start({ name: 'shop', command, cwd: process.cwd(), env: {} });
    await child.end();
    await expect(child.ready('http://127.0.0.1:9/', never)).rejects.toThrow('ENOENT');
  });

  test('is stopped with everything it started', async () => {
    const [child, supervisor] = start(
      `const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
       process.on('SIGTERM', () => process.exit(0)); console.log(child.pid)`,
    );
    const grandchild = await pidWrittenBy(child);
    expect(lives(grandchild)).toBe(true);
    await supervisor.stopAll();
    const gone = await waitUntil(async () => (lives(grandchild) ? undefined : 'gone'), {
      timeoutMs: 5000,
    });
    expect(gone).toBe('gone');
  });

  test('that a signal ended is told with the signal', async () => {
    const [child] = start(`process.kill(process.pid, 'SIGSEGV')`);
    expect(await child.end()).toBeNull();
    await expect(child.ready('http://127.0.0.1:9/', never)).rejects.toThrow(
      'shop ended by SIGSEGV',
    );
  });
});
