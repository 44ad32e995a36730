/** A real part that tests run against, named by the environment variable that tells where it is. */
export interface TestService {
  readonly name: string;
  /** Set for the tests: a URL, or the path of a program. */
  readonly variable: string;
  readonly debianPackage: string;
  /** False when the program is not on this machine. */
  readonly isInstalled: () => boolean;
  /** Starts it on free loopback ports with its files in a folder of its own; the answer's `stop` removes both. */
  readonly start: () => Promise<StartedService>;
}

export interface StartedService {
  readonly value: string;
  readonly stop: () => Promise<void>;
}
