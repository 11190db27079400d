import { lazy, Suspense } from 'react';
import { useCatalog } from '@/api/catalog';
import { useHoverTarget } from './use-hover-target';

const HoverCard = lazy(() => import('./HoverCard').then((module) => ({ default: module.HoverCard })));

/** Listens for a pointer that rests on the name of a record anywhere on the page, and shows who it is. */
export function HoverHost() {
  const types = useCatalog().object_types;
  const { target, close, hold, letGo } = useHoverTarget((name) => types.some((type) => type.name === name && !type.is_system));
  const type = types.find((candidate) => candidate.name === target?.type);
  if (target === null || type === undefined) return null;
  return (
    <Suspense>
      <HoverCard key={`${target.type}/${target.id}`} type={type} target={target} onClose={close} onEnter={hold} onLeave={letGo} />
    </Suspense>
  );
}
