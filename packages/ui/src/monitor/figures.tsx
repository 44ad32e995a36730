import { Glyph } from '../parts/glyph.tsx';
import { formatMillis, formatShare } from '../words/format.ts';

/** From this part on, errors are a matter. */
const manyErrors = 0.05;

/** The part that failed; errors have a sign beside their colour. */
export function ErrorShare({ rate }: { readonly rate: number }) {
  if (rate === 0) return <span className="soft">0 %</span>;
  return (
    <span className={`mark mark-${rate >= manyErrors ? 'verification-failed' : 'drift'}`}>
      <Glyph state={rate >= manyErrors ? 'verification-failed' : 'drift'} size={12} />
      {formatShare(rate, 1)}
    </span>
  );
}

/** A cell with a duration given in milliseconds. */
export function Millis({ value }: { readonly value: number | null | undefined }) {
  return <td className="number">{formatMillis(value)}</td>;
}
