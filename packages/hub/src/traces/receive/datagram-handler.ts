import type { DatagramHandler } from '../../http/listen-udp.ts';
import { DecodeError } from '../decode/decode-error.ts';
import { readThriftMessage } from '../decode/read-thrift-message.ts';
import type { SpanReceiving } from './receive-body.ts';
import type { RefusalReason } from './refusal.ts';

const transport = 'jaeger-udp';
/** As Jaeger's agent had it; bytes are bounded by the budget of all bodies. */
const maxWaiting = 1_000;

type DatagramReceiving = Pick<SpanReceiving, 'intake' | 'budget' | 'answers' | 'log'>;

/**
 * Jaeger's agent: each datagram is one message `emitBatch`, in either protocol of Thrift. Nobody is answered, so what cannot be
 * taken is lost, and counted by its reason.
 */
export function createDatagramHandler(deps: DatagramReceiving): DatagramHandler {
  let waiting = 0;
  return async (message) => {
    const claim = deps.budget.claim();
    if (waiting >= maxWaiting || !claim.hold(message.length)) {
      deps.answers.count(transport, 'overloaded');
      return;
    }
    waiting += 1;
    try {
      deps.answers.count(transport, await take(deps, message));
    } finally {
      waiting -= 1;
      claim.release();
    }
  };
}

async function take(
  { intake, log }: DatagramReceiving,
  message: Buffer,
): Promise<'taken' | RefusalReason> {
  try {
    const bytes = readThriftMessage(message);
    const receipt = await intake.take({ bytes, format: 'jaeger-thrift', transport });
    return receipt.kind === 'taken' ? 'taken' : receipt.reason;
  } catch (error) {
    if (error instanceof DecodeError) {
      intake.countUnreadable(transport);
      return 'undecodable';
    }
    log('error', 'receiving a datagram failed', { error: (error as Error).stack });
    return 'failed';
  }
}
