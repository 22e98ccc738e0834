import { computed, ref } from 'vue';

const MOST = 8;
const STEP = 1.5;
/** Pixels from which on it is no click any more, and from which on a swipe leads to the next picture. */
const DRAG = 6;
const SWIPE = 60;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From the middle of the window, where the picture is. */
const pointOf = ({ clientX, clientY }: MouseEvent): Point => ({
  x: clientX - innerWidth / 2,
  y: clientY - innerHeight / 2,
});
const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** A picture that is enlarged and moved by wheel, fingers and keys. `swiped` is told of a swipe over one that is not enlarged. */
export function useZoom(swiped: (step: -1 | 1) => void) {
  const scale = ref(1);
  const place = ref<Point>({ x: 0, y: 0 });
  const pointers = new Map<number, Point>();
  const isDragged = ref(false);

  function reset(): void {
    scale.value = 1;
    place.value = { x: 0, y: 0 };
  }

  /** Enlarges around a point, which stays where it is. */
  function zoom(factor: number, { x, y }: Point = { x: 0, y: 0 }): void {
    const next = Math.min(MOST, Math.max(1, scale.value * factor));
    const ratio = next / scale.value;
    scale.value = next;
    place.value =
      next === 1 ? { x: 0, y: 0 } : { x: x - (x - place.value.x) * ratio, y: y - (y - place.value.y) * ratio };
  }

  function move(by: Point): void {
    place.value = { x: place.value.x + by.x, y: place.value.y + (scale.value > 1 ? by.y : 0) };
  }

  const handlers = {
    wheel: (event: WheelEvent) => zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), pointOf(event)),
    dblclick: (event: MouseEvent) => (scale.value > 1 ? reset() : zoom(STEP * 2, pointOf(event))),
    pointerdown(event: PointerEvent): void {
      if (pointers.size === 0) isDragged.value = false;
      pointers.set(event.pointerId, pointOf(event));
    },
    pointermove(event: PointerEvent): void {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = pointOf(event);
      if (!isDragged.value && Math.hypot(now.x - before.x, now.y - before.y) < DRAG) return;
      isDragged.value = true;
      // Only now: what was pressed and not moved is clicked.
      if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, now);
      const middle = other ? between(now, other) : now;
      const middleBefore = other ? between(before, other) : before;
      move({ x: middle.x - middleBefore.x, y: middle.y - middleBefore.y });
      if (!other) return;
      const ratio = Math.hypot(now.x - other.x, now.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y);
      zoom(ratio, middle);
    },
    pointerup(event: PointerEvent): void {
      pointers.delete(event.pointerId);
      if (scale.value > 1 || pointers.size > 0) return;
      const { x } = place.value;
      reset();
      if (Math.abs(x) > SWIPE) swiped(x < 0 ? 1 : -1);
    },
    pointercancel(event: PointerEvent): void {
      pointers.delete(event.pointerId);
      if (scale.value === 1) reset();
    },
  };

  const transform = computed(() => `translate(${place.value.x}px, ${place.value.y}px) scale(${scale.value})`);
  return { scale, transform, isDragged, handlers, reset, enlarge: () => zoom(STEP), reduce: () => zoom(1 / STEP) };
}
