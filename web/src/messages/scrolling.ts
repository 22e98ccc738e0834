import { elementScroll, useVirtualizer } from '@tanstack/vue-virtual';
import { computed, nextTick, onMounted, onScopeDispose, ref, watch, type Ref } from 'vue';
import type { Row } from './rows';

/** Pixels, until a row is measured. */
const ESTIMATES: Readonly<Record<Row['kind'], number>> = { bubble: 40, day: 52, time: 36, unread: 40, note: 36 };
/** So near to the end one is at the end, and stays there when something comes. */
const AT_END_PX = 60;

/** The rows of which those near what is in sight are made. */
function useRows(scroller: Ref<HTMLElement | null>, all: Ref<HTMLElement | null>, rows: Ref<readonly Row[]>) {
  return useVirtualizer(
    computed(() => {
      const now = rows.value;
      return {
        count: now.length,
        getScrollElement: () => scroller.value,
        estimateSize: (index: number) => ESTIMATES[now[index]!.kind],
        getItemKey: (index: number) => now[index]!.key,
        // The place is corrected before Vue has made room for the new rows: a browser would stop at what was the end.
        scrollToFn: (...how: Parameters<typeof elementScroll<HTMLElement>>) => {
          if (all.value) all.value.style.height = `${how[2].getTotalSize()}px`;
          elementScroll(...how);
        },
        anchorTo: 'end' as const,
        followOnAppend: true,
        scrollEndThreshold: AT_END_PX,
        overscan: 8,
        paddingStart: 8,
        paddingEnd: 12,
      };
    }),
  );
}

/** A list of rows that stays where it is while older ones come above, and at its end when it was there. */
export function useScrolling(
  scroller: Ref<HTMLElement | null>,
  /** What is as high as all rows. */
  all: Ref<HTMLElement | null>,
  rows: Ref<readonly Row[]>,
) {
  const isAtEnd = ref(true);
  const virtualizer = useRows(scroller, all, rows);
  // Whatever changes above what is read moves nothing of it, in whichever direction one scrolls.
  virtualizer.value.shouldAdjustScrollPositionOnItemSizeChange = ({ end }, _delta, { scrollOffset }) =>
    end <= (scrollOffset ?? 0);

  /** Whether the end is in sight. Found by scrolling alone: where the room becomes smaller one stays at the end. */
  function onScroll(): void {
    const element = scroller.value;
    if (element) isAtEnd.value = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX;
  }

  const toEnd = (): void => virtualizer.value.scrollToEnd();
  const resized = new ResizeObserver(() => isAtEnd.value && toEnd());
  onMounted(() => scroller.value && resized.observe(scroller.value));
  onScopeDispose(() => resized.disconnect());

  /** Puts a row into sight, at the top or in the middle. */
  async function toRow(test: (row: Row) => boolean, align: 'start' | 'center'): Promise<void> {
    await nextTick();
    const index = rows.value.findIndex(test);
    if (index < 0) return;
    isAtEnd.value = false;
    virtualizer.value.scrollToIndex(index, { align });
  }

  /** Calls `look` with the first and the last row that are in sight, whenever they change. */
  function onSight(look: (first: number, last: number) => void): void {
    // After it is painted: a row that is as high as was estimated changes nothing more, and was not in the range before.
    watch(
      [virtualizer, rows],
      () => {
        const { range } = virtualizer.value;
        if (range) look(range.startIndex, range.endIndex);
      },
      { flush: 'post' },
    );
  }

  return { virtualizer, isAtEnd, onScroll, toEnd, toRow, onSight };
}
