import i18next from 'i18next';
import { showToast } from './toast';

/** Copies a text and says so. */
export async function copyText(text: string, copied: string): Promise<void> {
  if (await copy(text)) showToast(copied);
  else showToast(i18next.t('ui:copy_failed'), { tone: 'error' });
}

async function copy(text: string): Promise<boolean> {
  // Browsers have a clipboard for pages served over HTTPS only; offices that serve themselves over plain HTTP must copy as well.
  if (!window.isSecureContext) return copySelected(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** The way of old: the text is put into a field, selected and copied like by hand. */
function copySelected(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  // Outside an open dialog nothing can be selected.
  (focused?.closest('dialog') ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
