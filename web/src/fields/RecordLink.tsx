import { createContext, use, type ComponentType, type ReactNode } from 'react';

export interface RecordLinkProps {
  type: string;
  id: number;
  /** Leads to the records that name this one, instead of its own card: those with this tag. */
  among?: { type: string; filter: string };
  className?: string;
  children: ReactNode;
}

/** How a link to a record is drawn: the screens above know the routes, the fields do not. */
export const RecordLinkComponent = createContext<ComponentType<RecordLinkProps> | null>(null);

export function RecordLink(props: RecordLinkProps) {
  const Link = use(RecordLinkComponent);
  return Link === null ? <span className={props.className}>{props.children}</span> : <Link {...props} />;
}
