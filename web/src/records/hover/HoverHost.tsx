import { lazy, Suspense } from 'react';
import { useCatalog } from '@/api/catalog';
import { cardOf } from './card-of';
import { useHoverTarget } from './use-hover-target';

const HoverCard = lazy(() => import('./HoverCard').then((module) => ({ default: module.HoverCard })));
const HoverOfCard = lazy(() => import('./HoverCard').then((module) => ({ default: module.HoverOfCard })));

/** Listens for a pointer that rests on the name of a record anywhere on the page, and shows who it is. */
export function HoverHost() {
  const types = useCatalog().object_types;
  const ownType = (name: string | undefined) => types.find((type) => type.name === name && !type.is_system);
  const { target, close, hold, letGo } = useHoverTarget((name) => ownType(name) !== undefined || cardOf(types, name) !== undefined);
  if (target === null) return null;
  const type = ownType(target.type);
  const card = cardOf(types, target.type);
  const shown = { target, onClose: close, onEnter: hold, onLeave: letGo };
  const key = `${target.type}/${target.id}`;
  return (
    <Suspense>
      {type !== undefined ? <HoverCard key={key} type={type} id={target.id} {...shown} /> : card !== undefined && <HoverOfCard key={key} card={card} {...shown} />}
    </Suspense>
  );
}
