import { Dialog } from '../parts/dialog.tsx';
import { keyList } from './keys.ts';

export function KeyDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog label="Keys" onClose={onClose}>
      <dl className="key-list">
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
    </Dialog>
  );
}
