import type { AcknowledgeRequest, FindingResource } from '@concordat/api';
import { useEffect, useRef, useState } from 'react';
import { useSurroundings } from '../app/place.ts';
import { useNews } from '../data/news.ts';
import { useDeed } from '../data/use-deed.ts';
import { TextField } from '../parts/fields.tsx';
import { Refusal } from '../parts/refusal.tsx';

/** Lets a finding be, with a reason, or takes that back; a resolved one needs neither. */
export function Acknowledging({ finding }: { readonly finding: FindingResource }) {
  const { client } = useSurroundings();
  const news = useNews();
  const [isOpen, setOpen] = useState(false);
  const { busy, refusal, run } = useDeed();
  const opener = useRef<HTMLButtonElement>(null);
  if (finding.state === 'resolved') return null;
  const after = () => {
    setOpen(false);
    // The card may be gone from the list with the next answer.
    document.getElementById('view')?.focus({ preventScroll: true });
    news.tell();
  };
  if (finding.state === 'acknowledged') {
    return (
      <>
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => void run(() => client.unacknowledge(finding.id).then(after))}
        >
          Take back
        </button>
        <Refusal words={refusal} />
      </>
    );
  }
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  return (
    <>
      <button
        type="button"
        className="button"
        ref={opener}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        Acknowledge…
      </button>
      {isOpen && (
        <AcknowledgeForm
          busy={busy}
          refusal={refusal}
          onClose={close}
          onSend={(request) => void run(() => client.acknowledge(finding.id, request).then(after))}
        />
      )}
    </>
  );
}

interface AcknowledgeFormProps {
  readonly busy: boolean;
  readonly refusal: string | undefined;
  readonly onClose: () => void;
  readonly onSend: (request: AcknowledgeRequest) => void;
}

function AcknowledgeForm({ busy, refusal, onClose, onSend }: AcknowledgeFormProps) {
  const { now, takeCommands } = useSurroundings();
  const [fields, setFields] = useState({ reason: '', until: '', by: '' });
  const form = useRef<HTMLFormElement>(null);
  const until = readUntil(fields.until, now);
  const isReady = until !== 'wrong' && fields.reason.trim() !== '';
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  useEffect(
    () =>
      takeCommands((command) => {
        if (command === 'close') onClose();
        return command === 'close';
      }),
    [takeCommands, onClose],
  );
  const field = (name: keyof typeof fields) => ({
    value: fields[name],
    onChange: (text: string) => setFields({ ...fields, [name]: text }),
  });
  return (
    <form
      ref={form}
      className="deed"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onSend(requestOf({ ...fields, until }));
      }}
    >
      <TextField
        {...field('reason')}
        label="Reason"
        placeholder="a pact is in review"
        size="wide"
      />
      <TextField
        {...field('until')}
        label="Until"
        placeholder="14d, a date, or for ever"
        size="wide"
        problem={
          until === 'wrong' ? 'Use days such as 14d, or a date such as 2027-01-31.' : undefined
        }
      />
      <TextField
        {...field('by')}
        label="By"
        placeholder="your name, if you are not signed in"
        size="wide"
      />
      <button type="submit" className="button button-strong" disabled={busy || !isReady}>
        Acknowledge
      </button>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      <Refusal words={refusal} />
    </form>
  );
}

/** Empty is for ever, days count from now; undefined for ever. */
export function readUntil(text: string, now: number): string | undefined | 'wrong' {
  const words = text.trim();
  if (words === '') return undefined;
  const days = /^(\d{1,4})\s*d(ays?)?$/u.exec(words)?.[1];
  if (days !== undefined) return new Date(now + Number(days) * 86_400_000).toISOString();
  return /^\d{4}-\d\d-\d\d$/u.test(words) ? words : 'wrong';
}

function requestOf(fields: {
  readonly reason: string;
  readonly until: string | undefined;
  readonly by: string;
}): AcknowledgeRequest {
  const by = fields.by.trim();
  return { reason: fields.reason.trim(), until: fields.until, ...(by !== '' && { by }) };
}
