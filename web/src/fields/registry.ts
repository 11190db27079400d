/** Every kind of field with its screens; forgetting one does not compile. */
import type { FieldKind } from '@/api/types';
import { AddressesDisplay } from './addresses/AddressesDisplay';
import { AddressesInput } from './addresses/AddressesInput';
import { AddressFilter } from './addresses/AddressFilter';
import { ADDRESS_PARTS } from './addresses/address-text';
import { ChannelsDisplay } from './channels/ChannelsDisplay';
import { ChannelsInput } from './channels/ChannelsInput';
import { channelParts } from './channels/channel-parts';
import { CheckboxDisplay } from './checkbox/CheckboxDisplay';
import { CheckboxFilter } from './checkbox/CheckboxFilter';
import { CheckboxInput } from './checkbox/CheckboxInput';
import { ChoiceDisplay } from './choice/ChoiceDisplay';
import { ChoiceInput } from './choice/ChoiceInput';
import { ChoiceSetDisplay } from './choice_set/ChoiceSetDisplay';
import { ChoiceSetInput } from './choice_set/ChoiceSetInput';
import { DateDisplay } from './date/DateDisplay';
import { DateFieldInput } from './date/DateFieldInput';
import { InstantDisplay } from './date_time/InstantDisplay';
import { InstantInput } from './date_time/InstantInput';
import type { FieldKindUi, FieldPart } from './field-ui';
import { FileDisplay } from './file/FileDisplay';
import { FileInput } from './file/FileInput';
import { FilterDisplay } from './filter/FilterDisplay';
import { DateFilter } from './filters/DateFilter';
import { NoFilter } from './filters/NoFilter';
import { NumberFilter } from './filters/NumberFilter';
import { OptionFilter } from './filters/OptionFilter';
import { ReferenceFilter } from './filters/ReferenceFilter';
import { TextFilter } from './filters/TextFilter';
import { LinkDisplay } from './link/LinkDisplay';
import { LinkInput } from './link/LinkInput';
import { LongTextInput } from './long_text/LongTextInput';
import { MoneyDisplay } from './money/MoneyDisplay';
import { MoneyFilter } from './money/MoneyFilter';
import { MoneyInput } from './money/MoneyInput';
import { NumberDisplay } from './number/NumberDisplay';
import { NumberInput } from './number/NumberInput';
import { ReferenceDisplay } from './reference/ReferenceDisplay';
import { ReferenceInput } from './reference/ReferenceInput';
import { ReferenceSetDisplay } from './reference_set/ReferenceSetDisplay';
import { ReferenceSetInput } from './reference_set/ReferenceSetInput';
import { TextDisplay } from './text/TextDisplay';
import { TextFieldInput } from './text/TextFieldInput';

const ADDRESS_OPERATORS: Partial<Record<string, Pick<FieldPart, 'firstOperator'>>> = {
  country: { firstOperator: '=' },
  city: { firstOperator: 'in' },
  region: { firstOperator: 'in' },
};

export const FIELD_KINDS = {
  text: { Display: TextDisplay, Input: TextFieldInput, Filter: TextFilter, firstOperator: 'contains', width: 180, editing: 'line' },
  long_text: { Display: TextDisplay, Input: LongTextInput, Filter: TextFilter, firstOperator: 'contains', width: 260, editing: 'line' },
  number: { Display: NumberDisplay, Input: NumberInput, Filter: NumberFilter, firstOperator: '>=', width: 110, editing: 'line', isNumeric: true },
  money: { Display: MoneyDisplay, Input: MoneyInput, Filter: MoneyFilter, firstOperator: '>=', width: 130, editing: 'line', isNumeric: true },
  checkbox: { Display: CheckboxDisplay, Input: CheckboxInput, Filter: CheckboxFilter, firstOperator: '=', width: 96, editing: 'switch' },
  date: { Display: DateDisplay, Input: DateFieldInput, Filter: DateFilter, firstOperator: '>=', width: 116, editing: 'line' },
  date_time: { Display: InstantDisplay, Input: InstantInput, Filter: DateFilter, firstOperator: '>=', width: 132, editing: 'line' },
  link: { Display: LinkDisplay, Input: LinkInput, Filter: TextFilter, firstOperator: 'contains', width: 180, editing: 'line' },
  choice: { Display: ChoiceDisplay, Input: ChoiceInput, Filter: OptionFilter, firstOperator: 'in', width: 104, editing: 'line' },
  choice_set: { Display: ChoiceSetDisplay, Input: ChoiceSetInput, Filter: OptionFilter, firstOperator: 'has', width: 180, editing: 'sheet' },
  reference: { Display: ReferenceDisplay, Input: ReferenceInput, Filter: ReferenceFilter, firstOperator: 'in', width: 170, editing: 'line' },
  reference_set: { Display: ReferenceSetDisplay, Input: ReferenceSetInput, Filter: ReferenceFilter, firstOperator: 'has', width: 140, editing: 'sheet' },
  file: { Display: FileDisplay, Input: FileInput, Filter: NoFilter, firstOperator: 'is_not_empty', width: 160, editing: 'sheet' },
  channels: { Display: ChannelsDisplay, Input: ChannelsInput, Filter: TextFilter, firstOperator: 'contains', width: 168, editing: 'sheet', parts: channelParts },
  addresses: {
    Display: AddressesDisplay,
    Input: AddressesInput,
    Filter: AddressFilter,
    firstOperator: 'contains',
    width: 118,
    editing: 'sheet',
    // A country is one of a list, cities and regions are several of those in the base, the other parts are typed.
    parts: () => ADDRESS_PARTS.map((key) => ({ key, labels: null, ...ADDRESS_OPERATORS[key] })),
  },
  filter: { Display: FilterDisplay, Input: LongTextInput, Filter: NoFilter, firstOperator: 'is_not_empty', width: 220, editing: 'sheet' },
} satisfies Record<FieldKind, FieldKindUi>;

export function fieldKind(kind: FieldKind): FieldKindUi {
  return FIELD_KINDS[kind];
}
