import type { Receipt } from '../receive/span-intake.ts';

export const overloadedReceipt: Receipt = {
  kind: 'refused',
  reason: 'overloaded',
  message: 'The hub has too many spans in its queue; try again soon.',
};

export const closedReceipt: Receipt = {
  kind: 'refused',
  reason: 'closed',
  message: 'The hub takes no spans at the moment, because it starts or stops; try again soon.',
};
