/** One press of a pointer from its beginning to its end: small, so that entries can be moved, stretched and drawn alike. */

/** A mouse that moved less has pressed, not dragged. */
const SLACK = 4;
/** A finger that rests so long takes hold of an entry; one that moves before scrolls. */
const HOLD_MS = 350;
/** So near to an edge what is dragged over scrolls under the pointer. */
const EDGE = 28;
const SCROLL_BY = 14;

export interface Press {
  /** The pointer moved, or a finger has taken hold. */
  onMove: (x: number, y: number) => void;
  /** It let go; after a press without a way `isDragged` is false. */
  onEnd: (isDragged: boolean) => void;
  /** Escape, or the browser took the pointer. */
  onCancel: () => void;
  /** It scrolls sideways, not up and down. */
  isSideways?: boolean;
}

/** Keeps the click that follows a drag from opening what was dragged. */
function swallowClick(): void {
  const stop = (event: MouseEvent): void => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener('click', stop, { capture: true, once: true });
  window.setTimeout(() => window.removeEventListener('click', stop, { capture: true }), 50);
}

export function followPress(start: PointerEvent, scroller: HTMLElement | null, press: Press): void {
  const { pointerId, clientX, clientY } = start;
  const isTouch = start.pointerType === 'touch';
  const stop = new AbortController();
  let isDragged = false;
  const timer = isTouch ? window.setTimeout(() => begin(clientX, clientY), HOLD_MS) : 0;

  function begin(x: number, y: number): void {
    isDragged = true;
    document.body.dataset.dragging = '';
    if (isTouch) navigator.vibrate?.(10);
    press.onMove(x, y);
  }
  function finish(): void {
    window.clearTimeout(timer);
    delete document.body.dataset.dragging;
    stop.abort();
  }
  function scroll(x: number, y: number): void {
    if (scroller === null) return;
    const { top, bottom, left, right } = scroller.getBoundingClientRect();
    if (press.isSideways === true) scroller.scrollLeft += x < left + EDGE ? -SCROLL_BY : x > right - EDGE ? SCROLL_BY : 0;
    else if (y < top + EDGE) scroller.scrollTop -= SCROLL_BY;
    else if (y > bottom - EDGE) scroller.scrollTop += SCROLL_BY;
  }
  const { signal } = stop;
  window.addEventListener(
    'pointermove',
    (event) => {
      if (event.pointerId !== pointerId) return;
      const way = Math.hypot(event.clientX - clientX, event.clientY - clientY);
      if (!isDragged) {
        if (way < SLACK) return;
        // A finger that goes before it has rested scrolls.
        if (isTouch) return finish();
        begin(event.clientX, event.clientY);
      } else {
        scroll(event.clientX, event.clientY);
        press.onMove(event.clientX, event.clientY);
      }
    },
    { signal },
  );
  window.addEventListener('touchmove', (event) => isDragged && event.preventDefault(), { signal, passive: false });
  window.addEventListener('contextmenu', (event) => isTouch && event.preventDefault(), { signal });
  window.addEventListener(
    'pointerup',
    (event) => {
      if (event.pointerId !== pointerId) return;
      finish();
      if (isDragged) swallowClick();
      press.onEnd(isDragged);
    },
    { signal },
  );
  const cancel = (): void => {
    finish();
    if (isDragged) press.onCancel();
  };
  window.addEventListener('pointercancel', (event) => event.pointerId === pointerId && cancel(), { signal });
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || !isDragged) return;
      event.preventDefault();
      event.stopPropagation();
      swallowClick();
      cancel();
    },
    { signal, capture: true },
  );
}
