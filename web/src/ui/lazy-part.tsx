import { lazyRouteComponent } from '@tanstack/react-router';
import { Suspense, type JSX } from 'react';

/** A part of a page; `preload` fetches its code ahead of the first time that it is shown. */
export interface LazyPart<Props> {
  (props: Props): JSX.Element;
  preload: () => void;
}

/**
 * A part of a page whose code comes when it is first shown, so that the first load stays small.
 * While it is under way nothing stands in its place.
 */
export function lazyPart<Name extends string, Props extends object>(
  load: () => Promise<Readonly<Record<Name, (props: Props) => JSX.Element | null>>>,
  name: Name,
): LazyPart<Props> {
  const Part = lazyRouteComponent<{ default: (props: Props) => JSX.Element | null }, 'default'>(async () => ({ default: (await load())[name] }));
  function LazyPart(props: Props) {
    return (
      <Suspense fallback={null}>
        <Part {...props} />
      </Suspense>
    );
  }
  return Object.assign(LazyPart, { preload: () => void Part.preload?.() });
}
