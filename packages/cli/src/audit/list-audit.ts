import { type AuditEntry, auditPageSchema } from '@concordat/api';
import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

const PAGE_SIZE = 1_000;

export interface AuditQuery {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly pacticipant?: string | undefined;
}

/** The newest entries that fit, at most `limit` of them. */
export async function listAudit(
  hub: HubClient,
  query: AuditQuery,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const all: AuditEntry[] = [];
  for (let page = 1; all.length < limit; page += 1) {
    const asked = { ...query, page: String(page), size: String(Math.min(PAGE_SIZE, limit)) };
    const path = `/audit?${new URLSearchParams(givenOf(asked))}`;
    const answer = await hub.get(path);
    if (answer.status !== 200) throw new CliError(`No audit log: ${refusalOf(answer)}`);
    const { entries, page: at } = auditPageSchema.parse(jsonOf(answer, '/audit'));
    all.push(...entries);
    if (page >= at.totalPages) break;
  }
  return all.slice(0, limit);
}

function givenOf(query: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given[name] = value;
  return given;
}
