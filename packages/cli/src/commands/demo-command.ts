import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { loadConfig } from '../config/load-config.ts';
import { type Steps, step } from '../demo/demo-step.ts';
import { demoDefects, demoJson, demoReport } from '../demo/demo-summary.ts';
import { type Demo, keepDemoAlive, runDemo } from '../demo/run-demo.ts';
import { startDemoHub } from '../demo/start-demo-hub.ts';
import { Supervisor } from '../processes/supervisor.ts';
import { progressOf } from '../terminal/output.ts';
import { terminalReport } from '../verify/report/terminal-report.ts';
import { exitCodeOf } from '../verify/verification.ts';
import { wholeNumber } from './argument-parsers.ts';

interface Options {
  readonly once?: boolean;
  readonly config?: string;
  readonly dataDir?: string;
  readonly host: string;
  readonly every: number;
  readonly json?: boolean;
}

/** `concordat demo`: hub and shop in one terminal; with `--once` it ends by itself, with 0 only when all is well. */
export function demoCommand(context: CliContext): Command {
  return new Command('demo')
    .description('run hub and shop, verify, deploy, drive traffic, and show what the hub finds')
    .option('--once', 'end after one round; 0 only when everything is as it should be')
    .option('--config <file>', 'list of services (default contracts/concordat.config.ts)')
    .option('--data-dir <folder>', 'keep the data here instead of in a fresh folder')
    .option('--host <address>', 'address the hub listens on', '127.0.0.1')
    .option('--every <seconds>', 'time between two rounds of traffic', wholeNumber, 5)
    .option('--json', 'print the summary as one JSON line last')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, context: CliContext): Promise<void> {
  const isJson = options.json === true;
  const steps: Steps = { progress: progressOf(context.output, isJson), signal: context.signal };
  const { variables } = context.environment;
  const loaded = await loadConfig(context.cwd, options.config);
  const supervisor = new Supervisor();
  const { host, dataDir } = options;
  const hub = await step(steps, 'the hub runs', () => startDemoHub({ ...steps, host, dataDir }));
  try {
    const parallel = availableParallelism();
    const demo = await runDemo({ ...steps, loaded, hub, supervisor, variables, parallel });
    const isWell = report(demo, { url: hub.url, isJson, context });
    context.end(options.once === true && !isWell ? 1 : 0);
    if (options.once !== true) {
      steps.progress(`Traffic goes on every ${options.every} s; end with Ctrl-C.`);
      await keepDemoAlive(demo, steps, options.every * 1000);
    }
  } finally {
    await supervisor.stopAll();
    await hub.close();
  }
}

interface ReportOptions {
  readonly url: string;
  readonly isJson: boolean;
  readonly context: CliContext;
}

function report({ result }: Demo, { url, isJson, context }: ReportOptions): boolean {
  const { output } = context;
  const defects = demoDefects(result);
  const show = progressOf(output, isJson);
  if (exitCodeOf(result.verification) !== 0) show(`\n${terminalReport(result.verification)}`);
  show(demoReport(result, url));
  for (const defect of defects) output.note(`✕ ${defect}`);
  if (isJson) output.result(demoJson(result));
  return defects.length === 0;
}
