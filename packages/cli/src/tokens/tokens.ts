import {
  type CreatedToken,
  createdTokenSchema,
  type NewToken,
  type TokenResource,
  tokensSchema,
} from '@concordat/api';
import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

const PAGE_SIZE = 1000;

/** All tokens, oldest first. */
export async function listTokens(hub: HubClient): Promise<readonly TokenResource[]> {
  const tokens: TokenResource[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await hub.get(`/tokens?page=${page}&size=${PAGE_SIZE}`);
    if (answer.status !== 200) throw new CliError(`tokens: ${refusalOf(answer)}`);
    const parsed = tokensSchema.safeParse(jsonOf(answer, 'tokens'));
    if (!parsed.success) {
      throw new CliError('tokens: the answer has an unknown shape; is this a Concordat hub?');
    }
    tokens.push(...parsed.data.tokens);
    if (page >= parsed.data.page.totalPages) return tokens;
  }
}

/** Makes a token; the answer is the only one that has its secret. */
export async function createToken(hub: HubClient, token: NewToken): Promise<CreatedToken> {
  const answer = await hub.post('/tokens', token);
  if (answer.status !== 201) throw new CliError(`tokens: ${refusalOf(answer)}`);
  return createdTokenSchema.parse(jsonOf(answer, 'tokens'));
}

/** Revokes the token with this description or uuid. */
export async function revokeToken(hub: HubClient, name: string): Promise<TokenResource> {
  const token = (await listTokens(hub)).find(
    ({ uuid, description }) => uuid === name || description === name,
  );
  if (token === undefined) throw new CliError(`No token is described as '${name}'.`);
  const answer = await hub.delete(`/tokens/${token.uuid}`);
  if (answer.status !== 204) throw new CliError(`tokens: ${refusalOf(answer)}`);
  return token;
}
