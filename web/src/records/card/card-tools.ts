import { createContext, type ComponentType } from 'react';
import type { IconUser } from '@tabler/icons-react';
import type { Feature, ObjectType, RecordItem } from '@/api/types';

export interface CardToolProps {
  type: ObjectType;
  record: RecordItem;
  onClose: () => void;
}

/** Something of a module that is done with a whole card, in a dialog of its own. */
export interface CardTool {
  /** The text is `card.tools.<key>`. */
  key: 'person_export' | 'person_restrict' | 'person_lift' | 'person_erase';
  Icon: typeof IconUser;
  isDangerous?: boolean;
  /** The part of the program that must be open to the user. */
  feature: Feature;
  /** Whether it is offered for a card; always without it. */
  isFor?: (record: RecordItem) => boolean;
  /** It has no sense for a card that was erased. */
  isForErased: boolean;
  Dialog: ComponentType<CardToolProps>;
}

/** The tools of the cards of a type: the application fills this in by the name of the type. */
export const CardTools = createContext<Readonly<Record<string, readonly CardTool[]>>>({});
