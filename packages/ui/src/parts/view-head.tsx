import { type ReactNode, useState } from 'react';
import { copyText, curlCommand } from './clipboard.ts';

interface ViewHeadProps {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** Address of the same data as JSON. */
  readonly json: string;
  /** File name: the JSON is offered as a download, too. */
  readonly download?: string;
}

/** Title of a view with its links to share: the address itself, a curl command, the JSON. */
export function ViewHead({ title, children, json, download }: ViewHeadProps) {
  return (
    <header className="view-head">
      <div className="view-title">
        <h1>{title}</h1>
        {children}
      </div>
      <div className="view-actions">
        <CopyButton text={() => window.location.href}>Copy link</CopyButton>
        <CopyButton text={() => curlCommand(json)}>Copy as curl</CopyButton>
        <a className="button" href={json} target="_blank" rel="noreferrer">
          JSON
        </a>
        {download !== undefined && (
          <a className="button" href={json} download={download}>
            Download
          </a>
        )}
      </div>
    </header>
  );
}

interface CopyButtonProps {
  readonly text: () => string;
  readonly children: string;
}

export function CopyButton({ text, children }: CopyButtonProps) {
  const [said, say] = useState<string | undefined>(undefined);
  const copy = async () => {
    const copied = await copyText(text(), navigator.clipboard);
    say(copied ? 'Copied' : 'Not allowed here');
    setTimeout(() => say(undefined), 1600);
  };
  return (
    <button type="button" className="button" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? children}</span>
    </button>
  );
}
