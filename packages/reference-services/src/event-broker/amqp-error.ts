/** Reply codes of AMQP 0-9-1 that this server uses; `hard` ones close the connection, the others the channel. */
export const replyCodes = {
  ACCESS_REFUSED: { code: 403, hard: false },
  NOT_FOUND: { code: 404, hard: false },
  RESOURCE_LOCKED: { code: 405, hard: false },
  PRECONDITION_FAILED: { code: 406, hard: false },
  FRAME_ERROR: { code: 501, hard: true },
  SYNTAX_ERROR: { code: 502, hard: true },
  COMMAND_INVALID: { code: 503, hard: true },
  CHANNEL_ERROR: { code: 504, hard: true },
  UNEXPECTED_FRAME: { code: 505, hard: true },
  NOT_ALLOWED: { code: 530, hard: true },
  NOT_IMPLEMENTED: { code: 540, hard: true },
  INTERNAL_ERROR: { code: 541, hard: true },
} as const;

export type ReplyName = keyof typeof replyCodes;

/** A refusal in AMQP's own terms; it ends the channel or the connection it came up on, never the server. */
export class AmqpError extends Error {
  readonly reply: ReplyName;

  constructor(reply: ReplyName, message: string, options?: ErrorOptions) {
    super(`${reply} - ${message}`, options);
    this.name = 'AmqpError';
    this.reply = reply;
  }

  get code(): number {
    return replyCodes[this.reply].code;
  }

  get hard(): boolean {
    return replyCodes[this.reply].hard;
  }
}
