import { type PointerEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Box } from './layout.ts';
import {
  fitViewport,
  panViewport,
  type Viewport,
  viewportTransform,
  zoomViewport,
} from './viewport.ts';

export interface PanZoom {
  readonly stage: RefObject<HTMLDivElement | null>;
  readonly canvas: RefObject<SVGSVGElement | null>;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  /** Whether the last press was a drag, so that its click means nothing. */
  readonly dragged: () => boolean;
  readonly zoom: (factor: number) => void;
  readonly fitAll: () => void;
}

/**
 * Moves the map by a CSS transform of the whole SVG, outside React: one frame costs no layout. While a gesture lasts
 * the element is a layer of its own; afterwards it is drawn once more, sharp.
 */
export function usePanZoom(content: Box): PanZoom {
  const stage = useRef<HTMLDivElement>(null);
  const { canvas, view, show } = useTransform();
  const moved = useRef(false);
  const drag = useRef({ x: 0, y: 0, far: false, down: false });
  const { x, y, width, height } = content;
  const fitAll = useCallback(() => {
    const element = stage.current;
    if (element === null) return;
    moved.current = false;
    show(
      fitViewport(
        { x, y, width, height },
        { width: element.clientWidth, height: element.clientHeight },
      ),
    );
  }, [show, x, y, width, height]);
  const zoomAt = useCallback(
    (factor: number, at: { readonly x: number; readonly y: number }) => {
      moved.current = true;
      show(zoomViewport(view.current, factor, at));
    },
    [show, view],
  );
  useEffect(
    () => watchStage(stage.current, { zoomAt, onSize: () => moved.current || fitAll() }),
    [zoomAt, fitAll],
  );
  return {
    stage,
    canvas,
    fitAll,
    zoom: (factor) =>
      zoomAt(factor, {
        x: (stage.current?.clientWidth ?? 0) / 2,
        y: (stage.current?.clientHeight ?? 0) / 2,
      }),
    dragged: () => drag.current.far,
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      drag.current = { x: event.clientX, y: event.clientY, far: false, down: true };
    },
    onPointerMove: (event) => {
      const step = dragStep(drag.current, event);
      if (step === undefined) return;
      if (!drag.current.far) event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { x: event.clientX, y: event.clientY, far: true, down: true };
      moved.current = true;
      show(panViewport(view.current, step.x, step.y));
    },
    onPointerUp: () => {
      drag.current = { ...drag.current, down: false };
    },
  };
}

function useTransform() {
  const canvas = useRef<SVGSVGElement>(null);
  const view = useRef<Viewport>({ x: 0, y: 0, scale: 1 });
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(settle.current), []);
  const show = useCallback((next: Viewport) => {
    view.current = next;
    const svg = canvas.current;
    if (svg === null) return;
    svg.style.transform = viewportTransform(next);
    svg.style.willChange = 'transform';
    clearTimeout(settle.current);
    settle.current = setTimeout(() => {
      svg.style.willChange = 'auto';
    }, 160);
  }, []);
  return { canvas, view, show };
}

interface StageWatch {
  readonly zoomAt: (factor: number, at: { readonly x: number; readonly y: number }) => void;
  readonly onSize: () => void;
}

function watchStage(element: HTMLDivElement | null, watch: StageWatch): (() => void) | undefined {
  if (element === null) return undefined;
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    const bounds = element.getBoundingClientRect();
    watch.zoomAt(Math.exp(-event.deltaY * 0.0015), {
      x: event.clientX - bounds.left,
      y: event.clientY - bounds.top,
    });
  };
  // Only a listener that is not passive may keep the page from scrolling.
  element.addEventListener('wheel', onWheel, { passive: false });
  const sizes = new ResizeObserver(watch.onSize);
  sizes.observe(element);
  return () => {
    element.removeEventListener('wheel', onWheel);
    sizes.disconnect();
  };
}

interface Drag {
  readonly x: number;
  readonly y: number;
  /** Moved far enough to be no click. */
  readonly far: boolean;
  readonly down: boolean;
}

/** How far a pressed pointer moved; undefined while it is up, or so near that it may still become a click. */
export function dragStep(
  drag: Drag,
  event: { readonly clientX: number; readonly clientY: number; readonly buttons: number },
): { readonly x: number; readonly y: number } | undefined {
  if (!drag.down || event.buttons % 2 === 0) return undefined;
  const step = { x: event.clientX - drag.x, y: event.clientY - drag.y };
  return drag.far || Math.hypot(step.x, step.y) >= 4 ? step : undefined;
}
