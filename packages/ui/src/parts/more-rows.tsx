import { formatCount } from '../words/format.ts';

interface MoreRowsProps {
  readonly shown: number;
  readonly total: number;
  readonly onMore: () => void;
}

/** Says how many of a long list are shown and offers more; nothing when all are. */
export function MoreRows({ shown, total, onMore }: MoreRowsProps) {
  if (shown >= total) return null;
  return (
    <p className="more">
      Showing {formatCount(shown)} of {formatCount(total)}.{' '}
      <button type="button" className="button" onClick={onMore}>
        Show more
      </button>
    </p>
  );
}
