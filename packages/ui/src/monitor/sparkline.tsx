/** The drawings' own units; they are stretched to their place. */
const width = 120;
const height = 26;

interface BarsProps {
  readonly values: readonly number[];
  /** Of each value, the part that failed. */
  readonly failed: readonly number[];
  /** What the drawing says, for readers who do not see it. */
  readonly words: string;
}

/** Figures by time as bars, the failed part of each in the colour of failure. */
export function SparkBars({ values, failed, words }: BarsProps) {
  const most = Math.max(1, ...values);
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      <path className="spark-bars" d={barPath(values, most)} />
      <path className="spark-failed" d={barPath(failed, most)} />
    </svg>
  );
}

interface LineProps {
  readonly values: readonly (number | null)[];
  readonly words: string;
}

/** Figures by time as a line; where there is no figure, there is no line. */
export function SparkLine({ values, words }: LineProps) {
  const most = Math.max(1e-9, ...values.map((value) => value ?? 0));
  return (
    <svg
      className="spark"
      viewBox={`0 -1 ${width} ${height + 2}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      <path className="spark-line" d={linePath(values, most)} />
    </svg>
  );
}

/** One bar a value, with a gap between them where they are few enough for it. */
export function barPath(values: readonly number[], most: number): string {
  const step = width / Math.max(1, values.length);
  const bar = round(step > 3 ? step - 1 : step);
  return values
    .map((value, at) =>
      value > 0
        ? `M${round(at * step)} ${height}v${round((-height * value) / most)}h${bar}V${height}z`
        : '',
    )
    .join('');
}

/** A single figure between gaps is a dot. */
export function linePath(values: readonly (number | null)[], most: number): string {
  const step = width / Math.max(1, values.length - 1);
  return values
    .map((value, at) => {
      if (value === null) return '';
      const place = `${round(at * step)} ${round(height - (height * value) / most)}`;
      const alone = (values[at - 1] ?? null) === null;
      return alone ? `M${place}h.01` : `L${place}`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
