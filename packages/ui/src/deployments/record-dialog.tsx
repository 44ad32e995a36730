import type { RecordedRunning } from '@concordat/api';
import { useEffect, useState } from 'react';
import { useSurroundings } from '../app/place.ts';
import { useNews } from '../data/news.ts';
import { useDeed } from '../data/use-deed.ts';
import { Dialog } from '../parts/dialog.tsx';
import { SelectField, Toggle } from '../parts/fields.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { formatCount, plural } from '../words/format.ts';

interface RecordDialogProps {
  readonly environment: string;
  readonly onClose: () => void;
}

/** How often a version must have been seen; the second is what the hub takes by itself. */
const sightings = [
  ['1', 'once'],
  ['5', '5 times'],
  ['20', '20 times'],
] as const;

/** First what would be recorded and what not, and why; then, when the reader agrees, what was. */
export function RecordDialog({ environment, onClose }: RecordDialogProps) {
  const { client } = useSurroundings();
  const news = useNews();
  const [rules, setRules] = useState({ createVersions: false, minimumSightings: 5 });
  const [answer, setAnswer] = useState<RecordedRunning | undefined>(undefined);
  const { busy, refusal, run } = useDeed();
  const ask = (dryRun: boolean, next = rules) =>
    void run(async () => {
      setAnswer(await client.recordRunning({ environment, dryRun, ...next }));
      setRules(next);
      if (!dryRun) news.tell();
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when it is opened.
  useEffect(() => ask(true), []);
  return (
    <Dialog label={`Record what runs in ${environment}`} onClose={onClose}>
      <div aria-live="polite">
        {answer === undefined && refusal === undefined && <p>Asking the hub…</p>}
        {answer !== undefined && <RecordAnswer answer={answer} />}
      </div>
      {answer?.dryRun === true && (
        <div className="deed">
          <Toggle
            pressed={rules.createVersions}
            onToggle={() => ask(true, { ...rules, createVersions: !rules.createVersions })}
          >
            Create versions that the broker does not know
          </Toggle>
          <SelectField
            label="Seen at least"
            value={String(rules.minimumSightings)}
            options={sightings}
            onChange={(times) => ask(true, { ...rules, minimumSightings: Number(times) })}
          />
          <button
            type="button"
            className="button button-strong"
            disabled={busy || answer.recorded.length === 0}
            onClick={() => ask(false)}
          >
            Record {formatCount(answer.recorded.length)}
          </button>
        </div>
      )}
      <Refusal words={refusal} />
    </Dialog>
  );
}

function RecordAnswer({ answer }: { readonly answer: RecordedRunning }) {
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
