import { glyphPaths, transportPaths } from '../parts/glyph.tsx';
import { stateWords } from '../words/states.ts';

/** What lines, signs and arrows mean; can be folded away. */
export function MapLegend() {
  return (
    <details className="legend" open>
      <summary>Legend</summary>
      <ul>
        {stateWords.map(({ state, label, meaning }) => (
          <li key={state} title={meaning}>
            <svg width="44" height="22" viewBox="7 0 44 22" aria-hidden="true">
              <g className={`edge edge-${state}`}>
                <path className="edge-line" d="M2 11H56" />
                <g transform="translate(29 11)">
                  <circle className="badge" r="8.5" />
                  <path className="badge-sign" d={glyphPaths[state]} />
                </g>
              </g>
            </svg>
            <span>{label}</span>
          </li>
        ))}
        <li title="The arrow points where the request goes">
          <svg width="44" height="22" viewBox="7 0 44 22" aria-hidden="true">
            <g className="edge edge-plain">
              <path className="edge-line" d="M9 11H42" />
              <circle className="badge" cx="26" cy="11" r="6" />
              <path className="edge-arrow" d="M50 11l-9 -4.5v9z" />
            </g>
          </svg>
          <span>HTTP, to the provider</span>
        </li>
        <li title="The arrow points where the event goes: the receiver is the pact's consumer">
          <svg width="44" height="22" viewBox="7 0 44 22" aria-hidden="true">
            <g className="edge edge-plain edge-message">
              <path className="edge-line" d="M9 11H42" />
              <rect className="badge" x="20" y="5" width="12" height="12" rx="2" />
              <path className="edge-arrow" d="M50 11l-9 -4.5v9z" />
            </g>
          </svg>
          <span>Event, to its receiver</span>
        </li>
        <li title="Counted and timed; no contract promises such calls">
          <svg width="44" height="22" viewBox="7 0 44 22" aria-hidden="true">
            <g className="edge edge-plain edge-database">
              <path className="edge-line" d="M9 11H50" />
              <g transform="translate(29 11)">
                <circle className="badge" r="8.5" />
                <path className="badge-sign" d={transportPaths.database} />
              </g>
            </g>
          </svg>
          <span>Database or remote procedure, not judged</span>
        </li>
        <li>
          <svg width="44" height="22" viewBox="7 0 44 22" aria-hidden="true">
            <g className="node is-virtual">
              <rect className="node-box" x="9" y="3" width="40" height="16" rx="4" />
            </g>
          </svg>
          <span>Sends no spans, name guessed</span>
        </li>
      </ul>
    </details>
  );
}
