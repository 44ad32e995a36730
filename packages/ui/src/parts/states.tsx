import type { ReactNode } from 'react';
import type { Problem } from '../data/problem.ts';
import type { Resource } from '../data/resource.ts';
import { formatInstant } from '../words/format.ts';

interface AwaitProps<T> {
  readonly resource: Resource<T>;
  /** What is being loaded, for the waiting line. */
  readonly what: string;
  readonly children: (value: T) => ReactNode;
}

/** Shows data once it is there; before that the wait, instead of it the problem, beside stale data a warning. */
export function Await<T>({ resource, what, children }: AwaitProps<T>) {
  if (resource.kind === 'loading') return <Waiting what={what} />;
  if (resource.kind === 'failed') return <ProblemNote problem={resource.problem} />;
  return (
    <>
      {resource.problem !== undefined && (
        <StaleNote problem={resource.problem} since={new Date(resource.at).toISOString()} />
      )}
      {children(resource.value)}
    </>
  );
}

function Waiting({ what }: { readonly what: string }) {
  return (
    <div className="waiting" role="status">
      <span className="waiting-bar" aria-hidden="true" />
      Loading {what}…
    </div>
  );
}

function ProblemNote({ problem }: { readonly problem: Problem }) {
  return (
    <div className="empty empty-problem" role="alert">
      <h2>{problem.title}</h2>
      <p>{problem.advice}</p>
    </div>
  );
}

function StaleNote({ problem, since }: { readonly problem: Problem; readonly since: string }) {
  return (
    <p className="stale" role="alert">
      <strong>{problem.title}.</strong> What you see is from {formatInstant(since)}.{' '}
      {problem.advice}
    </p>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** Says that there is nothing, why that may be, and what to do. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
