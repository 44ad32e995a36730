import type { RecordedRunning } from '@concordat/api';
import { useEffect, useState } from 'react';
import { useSurroundings } from '../app/place.ts';
import { useNews } from '../data/news.ts';
import { useDeed } from '../data/use-deed.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Toggle } from '../parts/fields.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { formatCount, plural } from '../words/format.ts';

interface RecordDialogProps {
  readonly environment: string;
  readonly onClose: () => void;
}

/** First what would be recorded and what not, and why; then, when the reader agrees, what was. */
export function RecordDialog({ environment, onClose }: RecordDialogProps) {
  const { client } = useSurroundings();
  const news = useNews();
  const [answer, setAnswer] = useState<RecordedRunning | undefined>(undefined);
  const [createVersions, setCreateVersions] = useState(false);
  const { busy, refusal, run } = useDeed();
  const ask = (dryRun: boolean, creates: boolean) =>
    void run(async () => {
      setAnswer(await client.recordRunning({ environment, dryRun, createVersions: creates }));
      if (!dryRun) news.tell();
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when it is opened.
  useEffect(() => ask(true, false), []);
  return (
    <Dialog label={`Record what runs in ${environment}`} onClose={onClose}>
      <div aria-live="polite">
        {answer === undefined && refusal === undefined && <p>Asking the hub…</p>}
        {answer !== undefined && <RecordAnswer answer={answer} />}
      </div>
      {answer?.dryRun === true && (
        <div className="deed">
          <button
            type="button"
            className="button button-strong"
            disabled={busy || answer.recorded.length === 0}
            onClick={() => ask(false, createVersions)}
          >
            Record {formatCount(answer.recorded.length)}
          </button>
          <Toggle
            pressed={createVersions}
            onToggle={() => {
              setCreateVersions(!createVersions);
              ask(true, !createVersions);
            }}
          >
            Create versions that the broker does not know
          </Toggle>
        </div>
      )}
      <Refusal words={refusal} />
    </Dialog>
  );
}

export function RecordAnswer({ answer }: { readonly answer: RecordedRunning }) {
  const { dryRun, recorded, skipped } = answer;
  return (
    <>
      <h3>{dryRun ? 'Will be recorded' : `Recorded ${plural(recorded.length, 'version')}`}</h3>
      {recorded.length === 0 && <p className="soft">Nothing.</p>}
      <ul>
        {recorded.map(({ pacticipant, version, created, replaces }) => (
          <li key={pacticipant}>
            {pacticipant} {version}
            {created && ', a new version'}
            {replaces.length > 0 && `, in place of ${replaces.join(', ')}`}
          </li>
        ))}
      </ul>
      {skipped.length > 0 && (
        <>
          <h3>{dryRun ? 'Will not be' : 'Not recorded'}</h3>
          <ul>
            {skipped.map(({ pacticipant, version, detail }) => (
              <li key={`${pacticipant} ${version}`}>{detail}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
