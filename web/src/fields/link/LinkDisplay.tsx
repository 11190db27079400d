import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asText } from '../values';

/** Only http and https become links: an address may have been typed by anyone. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

export function LinkDisplay({ value, isCompact = false }: DisplayProps) {
  const text = asText(value);
  if (text === '') return <Nothing />;
  const shown = text.replace(/^https?:\/\//i, '').replace(/\/$/, '');
  if (isCompact || !isWebAddress(text)) {
    return (
      <span className={styles.cut} title={text}>
        {shown}
      </span>
    );
  }
  return (
    <a
      className={styles.link}
      href={text}
      target="_blank"
      rel="noopener noreferrer"
      onClick={(event) => event.stopPropagation()}
    >
      {shown}
    </a>
  );
}
