import { runVerifierJob } from '../run-verifier-job.ts';
import type { VerifierJob, VerifierMessage } from '../verifier-job.ts';

const send = (message: VerifierMessage): void => {
  process.send?.(message);
};

process.on('message', (job: VerifierJob) => {
  runVerifierJob(job, send).then(send, (error: unknown) =>
    send({ kind: 'defect', message: error instanceof Error ? error.message : String(error) }),
  );
});
// The runner is gone: so is the reason to live.
process.on('disconnect', () => process.exit(0));
