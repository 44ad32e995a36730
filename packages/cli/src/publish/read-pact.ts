import { readFile } from 'node:fs/promises';
import { CliError } from '../terminal/cli-error.ts';

/** A pact file as it lies on the disk; the text is published unchanged. */
export interface PactFile {
  readonly path: string;
  readonly consumer: string;
  readonly provider: string;
  readonly text: string;
  readonly interactions: number;
}

/** Reads the files; whatever is no pact is named, all of them at once, before anything is published. */
export async function readPacts(paths: readonly string[]): Promise<readonly PactFile[]> {
  const defects: string[] = [];
  const pacts: PactFile[] = [];
  for (const path of paths) {
    const pact = pactOf(path, await readFile(path, 'utf8'));
    if (typeof pact === 'string') defects.push(`${path}: ${pact}`);
    else pacts.push(pact);
  }
  if (defects.length > 0) throw new CliError(`Nothing was published:\n${defects.join('\n')}`);
  return pacts;
}

function pactOf(path: string, text: string): PactFile | string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return `is no JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const { consumer, provider, interactions, messages } = (body ?? {}) as PactShape;
  const consumerName = consumer?.name;
  const providerName = provider?.name;
  if (typeof consumerName !== 'string' || typeof providerName !== 'string') {
    return 'is no pact: consumer.name and provider.name are needed.';
  }
  const count = lengthOf(interactions) + lengthOf(messages);
  return { path, consumer: consumerName, provider: providerName, text, interactions: count };
}

interface PactShape {
  readonly consumer?: { readonly name?: unknown };
  readonly provider?: { readonly name?: unknown };
  readonly interactions?: unknown;
  readonly messages?: unknown;
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
