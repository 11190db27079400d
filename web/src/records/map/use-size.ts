/** The size of an element in pixels, known before what depends on it is drawn. */
import { useLayoutEffect, useState } from 'react';
import type { Size } from './world';

export function useSize(): [Size | null, (element: HTMLElement | null) => void] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    if (element === null) return;
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return [size === null || size.width === 0 || size.height === 0 ? null : size, setElement];
}
