import type { ComponentType, KeyboardEventHandler } from 'react';
import type { Field, FieldProblem, FieldValue, Labels } from '@/api/types';
import type { FilterOperatorName, FilterValue } from '@/util/filter-text';

export interface DisplayProps {
  field: Field;
  value: FieldValue;
  /** In a table cell: one line, no controls. */
  isCompact?: boolean;
}

export interface InputProps {
  /** The id of the main control; its label points to it. */
  id: string;
  field: Field;
  value: FieldValue;
  onChange: (value: FieldValue) => void;
  /** What the server or a check said about this field. */
  problems: readonly FieldProblem[];
  /** The element that says what is wrong. */
  describedBy?: string;
  hasAutoFocus?: boolean;
  onKeyDown?: KeyboardEventHandler;
}

export interface FilterProps {
  /** The name of the object type that is filtered. */
  typeName: string;
  field: Field;
  part: string | null;
  operator: FilterOperatorName;
  values: readonly FilterValue[];
  onChange: (values: FilterValue[]) => void;
  /** The name of the control for screen readers. */
  label: string;
}

export interface FieldPart {
  key: string;
  labels: Labels | null;
  /** What is asked of this part first, where that is not the same as of the whole field. */
  firstOperator?: FilterOperatorName;
  /** All that may be asked of it, where that is less than of the whole field. */
  operators?: readonly FilterOperatorName[];
  /** Its values are made somewhere else, such as on the map: no condition about it begins among the fields. */
  isMadeElsewhere?: boolean;
}

/** What the screens need to know about a kind of field. */
export interface FieldKindUi {
  Display: ComponentType<DisplayProps>;
  /** What people ask of such a field first. */
  firstOperator: FilterOperatorName;
  /** Width of its column in pixels until somebody drags it. */
  width: number;
  isNumeric?: boolean;
  /** `line`: one control, saved on Enter and blur. `sheet`: a block of controls with its own Save. */
  editing: 'line' | 'sheet' | 'switch';
  /** What of a compound value can be filtered: `city` of an address, `phone` of the channels. */
  parts?: (field: Field) => FieldPart[];
}

/** What changes a value of a kind of field, and what asks for values in a filter. */
export interface FieldKindEditors {
  Input: ComponentType<InputProps>;
  Filter: ComponentType<FilterProps>;
}
