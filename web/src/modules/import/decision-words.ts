/** What is said of a row that resembles a card, as far as the server tells it. */
import type { ImportProblem, ObjectType } from '@/api/types';
import { labelIn } from '@/util/languages';

/** The name that the row would give a card; empty where it has none. */
export function rowTitle({ params }: Pick<ImportProblem, 'params'>): string {
  return typeof params?.title === 'string' ? params.title : '';
}

/** The phone or e-mail that somebody else has too, with what it is: "Phone +380 67 440 12 85". */
export function sharedChannel({ params, value }: Pick<ImportProblem, 'params' | 'value'>, type: ObjectType | undefined, language: string): string {
  const kinds = (type?.fields ?? []).flatMap((field) => field.settings?.kinds ?? []);
  const kind = kinds.find(({ key }) => key === params?.channel);
  return [kind === undefined ? '' : labelIn(kind.labels, language), value ?? ''].filter((part) => part !== '').join(' ');
}
