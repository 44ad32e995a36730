import { type CompiledPact, type Contract, compilePact } from '@concordat/conformance';
import { type RegexRisk, regexRisk } from './regex-risk.ts';

/** A pact in force, as the hub lists it. */
export interface ListedPact {
  readonly consumer: string;
  readonly provider: string;
  readonly sha: string;
  readonly consumerVersions: readonly string[];
  readonly path: string;
}

/** A pact in force with its content made ready. */
export interface HeldPact extends Omit<ListedPact, 'path'> {
  readonly contract: Contract;
  /** For the names of operations. */
  readonly compiled: CompiledPact;
  readonly risk: RegexRisk;
}

export type CompileContract = (content: string, profile: 'live') => Contract;

export type PactContent = Pick<HeldPact, 'contract' | 'compiled' | 'risk'>;

export function compileContent(content: string, compile: CompileContract): PactContent {
  return {
    contract: compile(content, 'live'),
    compiled: compilePact(content),
    risk: regexRisk(content),
  };
}
