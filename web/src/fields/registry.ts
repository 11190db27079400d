/** Every kind of field: how it is shown, and how screens treat it; forgetting one does not compile. Its editors are in `editors.ts`. */
import type { FieldKind } from '@/api/types';
import { AddressesDisplay } from './addresses/AddressesDisplay';
import { ADDRESS_PARTS } from './addresses/address-text';
import { ChannelsDisplay } from './channels/ChannelsDisplay';
import { channelParts } from './channels/channel-parts';
import { CheckboxDisplay } from './checkbox/CheckboxDisplay';
import { ChoiceDisplay } from './choice/ChoiceDisplay';
import { ChoiceSetDisplay } from './choice_set/ChoiceSetDisplay';
import { DateDisplay } from './date/DateDisplay';
import { InstantDisplay } from './date_time/InstantDisplay';
import type { FieldKindUi, FieldPart } from './field-ui';
import { FileDisplay } from './file/FileDisplay';
import { FilterDisplay } from './filter/FilterDisplay';
import { LinkDisplay } from './link/LinkDisplay';
import { MoneyDisplay } from './money/MoneyDisplay';
import { NumberDisplay } from './number/NumberDisplay';
import { LazyRecurrence } from './recurrence/LazyRecurrence';
import { ReferenceDisplay } from './reference/ReferenceDisplay';
import { ReferenceSetDisplay } from './reference_set/ReferenceSetDisplay';
import { TextDisplay } from './text/TextDisplay';

const ADDRESS_OPERATORS: Partial<Record<string, Pick<FieldPart, 'firstOperator'>>> = {
  country: { firstOperator: '=' },
  city: { firstOperator: 'in' },
  region: { firstOperator: 'in' },
};

export const FIELD_KINDS = {
  text: { Display: TextDisplay, firstOperator: 'contains', width: 180, editing: 'line' },
  long_text: { Display: TextDisplay, firstOperator: 'contains', width: 260, editing: 'line' },
  number: { Display: NumberDisplay, firstOperator: '>=', width: 110, editing: 'line', isNumeric: true },
  money: { Display: MoneyDisplay, firstOperator: '>=', width: 130, editing: 'line', isNumeric: true },
  checkbox: { Display: CheckboxDisplay, firstOperator: '=', width: 96, editing: 'switch' },
  date: { Display: DateDisplay, firstOperator: '>=', width: 116, editing: 'line' },
  date_time: { Display: InstantDisplay, firstOperator: '>=', width: 132, editing: 'line' },
  link: { Display: LinkDisplay, firstOperator: 'contains', width: 180, editing: 'line' },
  choice: {
    Display: ChoiceDisplay,
    firstOperator: 'in',
    width: 128,
    editing: 'line',
    // What the options mean to the program, whoever adds or renames them.
    parts: ({ settings }) => (settings.meanings?.length ? [{ key: 'meaning', labels: null, operators: ['in', 'not_in', '=', '!='] }] : []),
  },
  choice_set: { Display: ChoiceSetDisplay, firstOperator: 'has', width: 180, editing: 'sheet' },
  reference: { Display: ReferenceDisplay, firstOperator: 'in', width: 170, editing: 'line' },
  reference_set: { Display: ReferenceSetDisplay, firstOperator: 'has', width: 140, editing: 'sheet' },
  file: { Display: FileDisplay, firstOperator: 'is_not_empty', width: 160, editing: 'sheet' },
  channels: { Display: ChannelsDisplay, firstOperator: 'contains', width: 168, editing: 'sheet', parts: channelParts },
  addresses: {
    Display: AddressesDisplay,
    firstOperator: 'contains',
    width: 118,
    editing: 'sheet',
    // A country is one of a list, cities and regions are several of those in the base, the other parts are typed.
    parts: () => [
      ...ADDRESS_PARTS.map((key) => ({ key, labels: null, ...ADDRESS_OPERATORS[key] })),
      { key: 'place', labels: null, firstOperator: 'in' as const, operators: ['in', 'not_in'] as const, isMadeElsewhere: true },
    ],
  },
  filter: { Display: FilterDisplay, firstOperator: 'is_not_empty', width: 220, editing: 'sheet' },
  recurrence: { Display: LazyRecurrence, firstOperator: 'contains', width: 200, editing: 'sheet' },
} satisfies Record<FieldKind, FieldKindUi>;

export function fieldKind(kind: FieldKind): FieldKindUi {
  return FIELD_KINDS[kind];
}
