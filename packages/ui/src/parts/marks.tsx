import type { Edge, EdgeState } from '@concordat/api';
import type { ReactNode } from 'react';
import type { FindingKind } from '../findings/finding-kinds.ts';
import { findingLabel, findingTone } from '../findings/finding-kinds.ts';
import { serviceColour } from '../words/service-colour.ts';
import { edgeWord, isJudged, transportWords } from '../words/states.ts';
import { Glyph } from './glyph.tsx';

export function EdgePill({ edge }: { readonly edge: Pick<Edge, 'state' | 'transport'> }) {
  const { label, meaning, state } = edgeWord(edge);
  return (
    <span className={`pill pill-${state}`} title={meaning}>
      {isJudged(edge) && <Glyph state={state} />}
      {label}
    </span>
  );
}

export function KindPill({ kind }: { readonly kind: FindingKind }) {
  const tone = findingTone(kind);
  return (
    <span className={`pill pill-${tone}`}>
      <Glyph state={tone} />
      {findingLabel(kind)}
    </span>
  );
}

export function TransportMark({ transport }: { readonly transport: Edge['transport'] }) {
  return <span className="transport">{transportWords[transport].mark}</span>;
}

/** A service's name with its colour, the same in every view. */
export function Service({ name }: { readonly name: string }) {
  return (
    <span className="service">
      <span className={`dot service-${serviceColour(name)}`} aria-hidden="true" />
      {name}
    </span>
  );
}

interface MarkProps {
  readonly state: EdgeState;
  /** Whose sign it has, where that is another's. */
  readonly sign?: EdgeState;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A word with its sign, in the colour of a state. */
export function Mark({ state, sign = state, title, children }: MarkProps) {
  return (
    <span className={`mark mark-${state}`} title={title}>
      <Glyph state={sign} />
      {children}
    </span>
  );
}

const verificationWords = {
  success: { state: 'kept', label: 'verified' },
  failed: { state: 'verification-failed', label: 'failed' },
  unverified: { state: 'unverified', label: 'not verified' },
} as const;

export function VerificationMark({ result }: { readonly result: keyof typeof verificationWords }) {
  const { state, label } = verificationWords[result];
  return <Mark state={state}>{label}</Mark>;
}

const usageWords = {
  used: { state: 'kept', sign: 'kept', label: 'used' },
  'not-seen': { state: 'drift', sign: 'unused', label: 'not seen' },
  'no-evidence': { state: 'unused', sign: 'uncontracted', label: 'no evidence' },
} as const;

export function UsageMark({ usage }: { readonly usage: keyof typeof usageWords }) {
  const { state, sign, label } = usageWords[usage];
  return (
    <Mark state={state} sign={sign}>
      {label}
    </Mark>
  );
}

/** Between a consumer and its provider. */
export function Arrow() {
  return (
    <span className="arrow">
      <span aria-hidden="true">→</span>
      <span className="hidden">consumer of</span>
    </span>
  );
}
