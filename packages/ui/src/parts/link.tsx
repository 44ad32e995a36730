import type { MouseEvent, ReactNode } from 'react';
import { useSurroundings } from '../app/place.ts';

interface LinkProps {
  readonly to: string;
  readonly className?: string;
  readonly label?: string;
  readonly current?: boolean;
  /** Stop for the keys j and k. */
  readonly row?: boolean;
  readonly children: ReactNode;
}

/** An anchor within the page: a plain click changes the view, anything else is the browser's. */
export function Link({ to, className, label, current, row, children }: LinkProps) {
  const { place } = useSurroundings();
  return (
    <a
      href={to}
      className={className}
      aria-label={label}
      aria-current={current === true ? 'page' : undefined}
      data-row={row === true ? '' : undefined}
      onClick={(event) => followLink(event, () => place.go(to, 'push'))}
    >
      {children}
    </a>
  );
}

/** Follows a click within the page, unless it asks for a new tab or window. */
export function followLink(
  event: Pick<
    MouseEvent,
    'button' | 'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'preventDefault'
  >,
  follow: () => void,
): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  follow();
}
