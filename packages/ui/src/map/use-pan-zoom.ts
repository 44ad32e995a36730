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
  readonly fit: () => void;
}

/**
 * Moves the map by a CSS transform of the whole SVG, outside React: one frame costs no layout. While a gesture lasts
 * the element is a layer of its own; afterwards it is drawn once more, sharp.
 */
export function usePanZoom(content: Box): PanZoom {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<SVGSVGElement>(null);
  const view = useRef<Viewport>({ x: 0, y: 0, scale: 1 });
  const moved = useRef(false);
  const drag = useRef<{ x: number; y: number; far: boolean; down: boolean }>({
    x: 0,
    y: 0,
    far: false,
    down: false,
  });
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);

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
  const { x, y, width, height } = content;
  const fit = useCallback(() => {
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
  const zoom = useCallback(
    (factor: number) => {
      const element = stage.current;
      if (element === null) return;
      moved.current = true;
      show(
        zoomViewport(view.current, factor, {
          x: element.clientWidth / 2,
          y: element.clientHeight / 2,
        }),
      );
    },
    [show],
  );

  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const bounds = element.getBoundingClientRect();
      moved.current = true;
      const at = { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
      show(zoomViewport(view.current, Math.exp(-event.deltaY * 0.0015), at));
    };
    // Only a listener that is not passive may keep the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false });
    const sizes = new ResizeObserver(() => {
      if (!moved.current) fit();
    });
    sizes.observe(element);
    if (!moved.current) fit();
    return () => {
      element.removeEventListener('wheel', onWheel);
      sizes.disconnect();
      clearTimeout(settle.current);
    };
  }, [fit, show]);

  return {
    stage,
    canvas,
    zoom,
    fit,
    dragged: () => drag.current.far,
    onPointerDown: (event) => {
      if (event.button === 0)
        drag.current = { x: event.clientX, y: event.clientY, far: false, down: true };
    },
    onPointerMove: (event) => {
      const from = drag.current;
      if (!from.down || (event.buttons & 1) === 0) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (!from.far && Math.hypot(dx, dy) < 4) return;
      if (!from.far) event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { x: event.clientX, y: event.clientY, far: true, down: true };
      moved.current = true;
      show(panViewport(view.current, dx, dy));
    },
    onPointerUp: () => {
      drag.current = { ...drag.current, down: false };
    },
  };
}
