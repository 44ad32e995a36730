import type { EdgeDetail } from '@concordat/api';
import { useSurroundings } from '../app/place.ts';
import { VerificationMark } from '../parts/marks.tsx';
import { When } from '../parts/when.tsx';

/** The pacts that count, newest first, each with its latest verification and its JSON. */
export function PactTable({ detail }: { readonly detail: EdgeDetail }) {
  const { place } = useSurroundings();
  if (detail.pacts.length === 0) {
    return (
      <p className="soft">
        None: no pact of {detail.consumer} with {detail.provider} is on the main branch or deployed.
      </p>
    );
  }
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{detail.consumer} version</th>
            <th scope="col">Content</th>
            <th scope="col">Verification</th>
            <th scope="col">By {detail.provider} version</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {detail.pacts.map((pact) => (
            <tr key={`${pact.consumerVersion} ${pact.sha}`}>
              <td>
                <a
                  href={`${place.hub}${pactPath(detail, pact.consumerVersion)}`}
                  target="_blank"
                  rel="noreferrer"
                >
                  {pact.consumerVersion}
                </a>
              </td>
              <td>
                <code title={pact.sha}>{pact.sha.slice(0, 10)}</code>
              </td>
              <td>
                <Verification pact={pact} href={`${place.hub}${resultPath(detail, pact.sha)}`} />
              </td>
              <td>{pact.providerVersion ?? '–'}</td>
              <td>
                <When at={pact.verifiedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What was verified leads to the result of each interaction, with what was wrong. */
function Verification({
  pact,
  href,
}: {
  readonly pact: EdgeDetail['pacts'][number];
  readonly href: string;
}) {
  const mark = <VerificationMark result={pact.verification} />;
  if (pact.verification === 'unverified') return mark;
  return (
    <a href={href} target="_blank" rel="noreferrer" title="Result of each interaction">
      {mark}
    </a>
  );
}

/** Where the hub serves the newest result of a content, interaction by interaction, below its root. */
function resultPath(
  pair: { readonly consumer: string; readonly provider: string },
  sha: string,
): string {
  const [provider, consumer] = [pair.provider, pair.consumer].map(encodeURIComponent);
  return `pacts/provider/${provider}/consumer/${consumer}/pact-version/${sha}/verification-results/latest/interactions`;
}

/** Where the hub serves the pact of one consumer version, below its root. */
export function pactPath(
  pair: { readonly consumer: string; readonly provider: string },
  version: string,
): string {
  const [provider, consumer, number] = [pair.provider, pair.consumer, version].map(
    encodeURIComponent,
  );
  return `pacts/provider/${provider}/consumer/${consumer}/version/${number}`;
}
