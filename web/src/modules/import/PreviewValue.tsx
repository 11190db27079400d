import type { Field, FieldValue } from '@/api/types';
import { addressText } from '@/fields/addresses/address-text';
import { fieldKind } from '@/fields/registry';
import { asAddresses, asChannels, asReference, asReferences, isEmptyValue } from '@/fields/values';
import { useFormat } from '@/ui/use-format';
import styles from './Preview.module.css';

/** A parsed value; unlike on a card nothing leads anywhere, for the record does not exist yet. */
export function PreviewValue({ field, value }: { field: Field; value: FieldValue }) {
  const format = useFormat();
  if (isEmptyValue(value)) return null;
  if (field.kind === 'channels') {
    return <Lines lines={asChannels(value).map((channel) => [channel.display ?? channel.value, labelOf(channel.label)])} />;
  }
  if (field.kind === 'addresses') {
    return <Lines lines={asAddresses(value).map((address) => [addressText(address, format.language), labelOf(address.label)])} />;
  }
  if (field.kind === 'reference' && !isEmptyValue(value)) return <span>{asReference(value)?.title ?? String(value)}</span>;
  if (field.kind === 'reference_set') return <Lines lines={asReferences(value).map((reference) => [reference.title, ''])} />;
  const { Display } = fieldKind(field.kind);
  return <Display field={field} value={value} />;

  function labelOf(key: string | null): string {
    const options = field.settings.channel_labels ?? field.settings.address_labels ?? [];
    return format.label(options.find((option) => option.key === key)?.labels).toLowerCase();
  }
}

function Lines({ lines }: { lines: [text: string, note: string][] }) {
  return (
    <ul>
      {lines.map(([text, note], index) => (
        <li key={index}>
          {text}
          {note !== '' && <span className={styles.note}> {note}</span>}
        </li>
      ))}
    </ul>
  );
}
