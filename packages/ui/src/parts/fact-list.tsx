import type { ReactNode } from 'react';

/** Names with their values. */
export function FactList({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface NumberTileProps {
  readonly label: string;
  readonly value: string;
  readonly note?: string | undefined;
}

export function NumberTile({ label, value, note }: NumberTileProps) {
  return (
    <div className="tile">
      <span className="tile-label">{label}</span>
      <span className="tile-value">{value}</span>
      {note !== undefined && <span className="tile-note">{note}</span>}
    </div>
  );
}
