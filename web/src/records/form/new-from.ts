/** What can be made while a card is open, and how the new record and the open one belong together. */
import type { Field, Labels, ObjectType, RecordItem, Section, Values } from '@/api/types';
import { isMet } from '../conditions';
import { branchField } from '../record-shape';
import { sectionValues } from './draft';

export interface NewFrom {
  section: Section;
  /** What is made: the option that its section stands for. */
  kind: Labels;
  /** The new record names the open one: `parent:42`. */
  belongs?: string;
  /** The open record is to name the new one: `parent:42`. */
  namedBy?: string;
}

/** Which records may stand above others of their type; null where all or none may, for then nothing is told from a section. */
function aboveOf(type: ObjectType): { field: Field; mayBe: (values: Values) => boolean } | null {
  const field = branchField(type);
  const wanted = field?.settings.target_filter;
  return field === undefined || wanted == null ? null : { field, mayBe: (values) => isMet(wanted, values) };
}

/** A person is made for the company whose card is open, and a company for the person; a namesake has nothing to do with the open card. */
export function newFrom(type: ObjectType, record: RecordItem): NewFrom[] {
  if (!type.permissions.create || record.deleted_at !== null) return [];
  const above = aboveOf(type);
  return type.sections.flatMap((section): NewFrom[] => {
    const values = sectionValues(section);
    const [preset, another] = Object.entries(values);
    // A section that says more than one thing is a part of one that says less.
    if (preset === undefined || another !== undefined) return [];
    const [name, key] = preset;
    const kind = type.fields.find((field) => field.name === name)?.settings.options?.find((option) => option.key === key)?.labels;
    if (kind === undefined) return [];
    if (above === null || above.field.access !== 'write' || above.mayBe(values) === above.mayBe(record.values)) return [{ section, kind }];
    const link = `${above.field.name}:${record.id}`;
    if (above.mayBe(record.values)) return [{ section, kind, belongs: link }];
    return [record.can_edit ? { section, kind, namedBy: link } : { section, kind }];
  });
}

/** Whether a record of the section may be named by the field at all. */
export function mayBeNamed(field: Field, section: Section | undefined): boolean {
  return isMet(field.settings.target_filter, sectionValues(section));
}
