import type { TransferResult } from '@concordat/api';
import type { BrokerFile } from './broker-to-file.ts';

/** What no Pact Broker tells over HTTP, so that nobody looks for it later. */
export const untold: readonly string[] = [
  'earlier revisions of a pact that a version published again; the last one is there, as revision 1',
  'which results were of work in progress; they count as usual results',
  'contents that no version publishes any more, and their results, but for those the matrix still shows',
  'past deliveries of webhooks, and their secrets',
  'users and passwords; set BASIC_AUTH_* or make tokens',
  'times below a second, so the order of what came within one second is that of the versions',
];

/** What was read, what of it was written, and what could not be. */
export function describeMigration(read: BrokerFile, result: TransferResult): string {
  const counted = Object.entries(read.counts).map(([type, count]) => `${count} ${type}`);
  const skipped = Object.values(result.tallies).reduce((sum, tally) => sum + tally.skipped, 0);
  return [
    '',
    `Read with ${read.requests} requests: ${counted.join(', ')}.`,
    `Written: ${result.records - skipped}; skipped: ${skipped}; gone while they were read: ${read.vanished}.`,
    'Not told by a broker, and so not here:',
    ...untold.map((line) => `  - ${line}`),
  ].join('\n');
}
