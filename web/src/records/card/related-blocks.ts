import { createContext, type ComponentType } from 'react';
import type { ObjectType, RecordItem } from '@/api/types';

export interface RelatedProps {
  type: ObjectType;
  record: RecordItem;
}

/** What belongs to a record of a type, drawn by its module: the application fills this in by the name of the type. */
export const RelatedBlocks = createContext<Readonly<Record<string, ComponentType<RelatedProps>>>>({});

/** What is worked on in a record itself and wants room: it stands above what happened, and on a phone below the fields. */
export const MainBlocks = createContext<Readonly<Record<string, ComponentType<RelatedProps>>>>({});
