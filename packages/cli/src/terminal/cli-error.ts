/** The command could not do its work, or was used in a wrong way: exit code 2, and the message is all the user sees. */
export class CliError extends Error {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = 'CliError';
  }
}
