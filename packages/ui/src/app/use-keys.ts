import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Command, readKey, stepRow } from './keys.ts';
import type { CommandTaker } from './place.ts';

/** Reads keys of the whole page: views first, newest first, then `fallback`. */
export function useKeys(fallback: (command: Command) => void): {
  readonly takeCommands: (taker: CommandTaker) => () => void;
} {
  const takers = useRef<CommandTaker[]>([]);
  const pending = useRef(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const reading = readKey(pending.current, {
        key: event.key,
        modified: event.ctrlKey || event.altKey || event.metaKey,
        typing: isTyping(event.target),
      });
      pending.current = reading.pending;
      const { command } = reading;
      if (command === undefined) return;
      if (command !== 'close') event.preventDefault();
      const taken = [...takers.current].reverse().some((taker) => taker(command));
      if (!taken) fallback(command);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [fallback]);
  const takeCommands = useCallback((taker: CommandTaker) => {
    takers.current.push(taker);
    return () => {
      takers.current = takers.current.filter((other) => other !== taker);
    };
  }, []);
  return useMemo(() => ({ takeCommands }), [takeCommands]);
}

/** Milliseconds since 1970, again every `every`. */
export function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Moves the focus to the next or previous element marked as a row. */
export function focusRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const current = rows.indexOf(document.activeElement as HTMLElement);
  rows[stepRow(rows.length, current, step)]?.focus();
}

/** Puts the cursor into the view's search field. */
export function focusSearch(): void {
  document.querySelector<HTMLElement>('[data-search]')?.focus();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
