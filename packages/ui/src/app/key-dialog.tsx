import { useEffect, useRef } from 'react';
import { keyList } from './keys.ts';

export function KeyDialog({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="key-dialog" aria-label="Keys" onClose={onClose}>
      <h2>Keys</h2>
      <dl>
        {keyList.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(/\s+/u).map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </dialog>
  );
}
