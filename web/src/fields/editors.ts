/** What edits and filters each kind of field; forgetting one does not compile. Apart from the registry, because a list is first only looked at. */
import type { FieldKind } from '@/api/types';
import { AddressesInput } from './addresses/AddressesInput';
import { AddressFilter } from './addresses/AddressFilter';
import { ChannelsInput } from './channels/ChannelsInput';
import { CheckboxFilter } from './checkbox/CheckboxFilter';
import { CheckboxInput } from './checkbox/CheckboxInput';
import { ChoiceInput } from './choice/ChoiceInput';
import { ChoiceSetInput } from './choice_set/ChoiceSetInput';
import { DateFieldInput } from './date/DateFieldInput';
import { InstantInput } from './date_time/InstantInput';
import type { FieldKindEditors } from './field-ui';
import { FileInput } from './file/FileInput';
import { DateFilter } from './filters/DateFilter';
import { NoFilter } from './filters/NoFilter';
import { NumberFilter } from './filters/NumberFilter';
import { OptionFilter } from './filters/OptionFilter';
import { ReferenceFilter } from './filters/ReferenceFilter';
import { TextFilter } from './filters/TextFilter';
import { LinkInput } from './link/LinkInput';
import { LongTextInput } from './long_text/LongTextInput';
import { MoneyInput } from './money/MoneyInput';
import { NumberInput } from './number/NumberInput';
import { RecurrenceInput } from './recurrence/RecurrenceInput';
import { ReferenceInput } from './reference/ReferenceInput';
import { ReferenceSetInput } from './reference_set/ReferenceSetInput';
import { TextFieldInput } from './text/TextFieldInput';

const FIELD_EDITORS = {
  text: { Input: TextFieldInput, Filter: TextFilter },
  long_text: { Input: LongTextInput, Filter: TextFilter },
  number: { Input: NumberInput, Filter: NumberFilter },
  money: { Input: MoneyInput, Filter: NumberFilter },
  checkbox: { Input: CheckboxInput, Filter: CheckboxFilter },
  date: { Input: DateFieldInput, Filter: DateFilter },
  date_time: { Input: InstantInput, Filter: DateFilter },
  link: { Input: LinkInput, Filter: TextFilter },
  choice: { Input: ChoiceInput, Filter: OptionFilter },
  choice_set: { Input: ChoiceSetInput, Filter: OptionFilter },
  reference: { Input: ReferenceInput, Filter: ReferenceFilter },
  reference_set: { Input: ReferenceSetInput, Filter: ReferenceFilter },
  file: { Input: FileInput, Filter: NoFilter },
  channels: { Input: ChannelsInput, Filter: TextFilter },
  addresses: { Input: AddressesInput, Filter: AddressFilter },
  filter: { Input: LongTextInput, Filter: NoFilter },
  recurrence: { Input: RecurrenceInput, Filter: TextFilter },
} satisfies Record<FieldKind, FieldKindEditors>;

export function fieldEditors(kind: FieldKind): FieldKindEditors {
  return FIELD_EDITORS[kind];
}
