/**
 * What messages must not lie over: the strips at the lower edge (how many are shown, what is chosen, cards put aside, the bar of a phone)
 * and a card at the right edge. Each is marked by `ref={keepClear}`; the style of the messages reads how far to stay away.
 */

/** Beside a card messages need this many pixels of the page; where there are fewer they lie over its lower edge. */
const ROOM_BESIDE = 640;

const marked = new Set<HTMLElement>();

/** How far from the lower and from the right edge of a window the marked boxes reach, in pixels. */
export function edges(boxes: readonly Pick<DOMRect, 'top' | 'left' | 'bottom' | 'right'>[], window: { width: number; height: number }): { foot: number; side: number } {
  let foot = 0;
  let side = 0;
  for (const { top, left, bottom, right } of boxes) {
    if (right <= left || bottom <= top) continue;
    // A strip lies in the lower half; what is higher than that stands at the side.
    if (top > window.height / 2) foot = Math.max(foot, window.height - top);
    else if (left > ROOM_BESIDE) side = Math.max(side, window.width - left);
  }
  return { foot, side };
}

function measure(): void {
  const { foot, side } = edges([...marked].map((element) => element.getBoundingClientRect()), { width: window.innerWidth, height: window.innerHeight });
  document.documentElement.style.setProperty('--clear-foot', `${foot}px`);
  document.documentElement.style.setProperty('--clear-side', `${side}px`);
}

let observer: ResizeObserver | null = null;

/** A ref: messages stay clear of the element as long as it is there. */
export function keepClear(element: HTMLElement | null): (() => void) | undefined {
  if (element === null) return undefined;
  if (observer === null) {
    observer = new ResizeObserver(measure);
    window.addEventListener('resize', measure);
  }
  const own = observer;
  marked.add(element);
  own.observe(element);
  measure();
  return () => {
    marked.delete(element);
    own.unobserve(element);
    measure();
  };
}
