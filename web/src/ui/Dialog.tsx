import { IconX } from '@tabler/icons-react';
import { useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { classNames } from '@/util/class-names';
import { Button } from './Button';
import styles from './Dialog.module.css';
import { IconButton } from './IconButton';
import { OverlayRoot } from './overlay-root';

export interface DialogProps {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  /** The buttons; the main one last. */
  footer?: ReactNode;
  size?: 'small' | 'normal' | 'large';
  /** It holds text alone, nothing that takes the focus. */
  isText?: boolean;
  /** Something was typed that is not saved: Escape and the cross ask first, a press outside does nothing. */
  isDirty?: boolean;
  /** Turned off while a press outside would lose what was typed. */
  closesOnBackdrop?: boolean;
  /** Keys of the dialog as a whole, wherever in it the focus is. */
  onKey?: (event: KeyboardEvent) => void;
}

/**
 * A dialog for one decision. Mount it to open it, unmount it to close it.
 * It is the browser's modal dialog: the page behind is inert and the focus returns to where it was.
 * The element marked `data-autofocus` gets the focus.
 */
export function Dialog({ title, onClose, children, footer, size = 'normal', isText = false, isDirty = false, closesOnBackdrop = true, onKey }: DialogProps) {
  const { t } = useTranslation('ui');
  const dialog = useRef<HTMLDialogElement>(null);
  const [overlayRoot, setOverlayRoot] = useState<HTMLElement | null>(null);
  const titleId = useId();
  const [asks, setAsks] = useState(false);
  const leave = isDirty ? () => setAsks(true) : onClose;

  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    element.showModal();
    element.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => element.close();
  }, []);

  const leaveNow = useRef(leave);
  useEffect(() => {
    leaveNow.current = leave;
    // What had the focus may be gone with what was shown before.
    const element = dialog.current;
    if (document.activeElement === document.body) (element?.querySelector<HTMLElement>('[data-autofocus]') ?? element)?.focus();
  });

  useEffect(() => {
    const element = dialog.current;
    // The browser would close the dialog on Escape even when the key was meant for a menu inside it.
    const keepOpen = (event: Event): void => {
      event.preventDefault();
      if (element?.contains(document.activeElement) !== true) leaveNow.current();
    };
    // It does so all the same when Escape is pressed again and again.
    const followClose = (): void => {
      if (element?.isConnected !== true) return;
      element.showModal();
      leaveNow.current();
    };
    element?.addEventListener('cancel', keepOpen);
    element?.addEventListener('close', followClose);
    return () => {
      element?.removeEventListener('cancel', keepOpen);
      element?.removeEventListener('close', followClose);
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      className={classNames(styles.dialog, styles[size])}
      aria-labelledby={titleId}
      onKeyDown={(event) => {
        event.stopPropagation();
        onKey?.(event);
        if (event.key === 'Escape' && overlayRoot?.hasChildNodes() !== true) leave();
      }}
      onMouseDown={(event) => {
        if (closesOnBackdrop && !isDirty && event.target === dialog.current) onClose();
      }}
    >
      <OverlayRoot value={overlayRoot}>
        <div className={styles.sheet}>
          <header className={styles.header}>
            <h2 id={titleId} className={styles.title}>
              {title}
            </h2>
            <IconButton label={t('close')} icon={<IconX size={16} />} onClick={leave} size="small" />
          </header>
          {/* Text that scrolls must be reached by keyboard where nothing in it takes the focus. */}
          <div className={styles.body} tabIndex={isText ? 0 : undefined}>
            {children}
          </div>
          {footer !== undefined && <footer className={styles.footer}>{footer}</footer>}
        </div>
        <div ref={setOverlayRoot} />
      </OverlayRoot>
      {asks && (
        <ConfirmDialog title={t('discard_title')} confirmLabel={t('discard')} cancelLabel={t('keep_typing')} isDangerous onConfirm={onClose} onClose={() => setAsks(false)}>
          {t('discard_text')}
        </ConfirmDialog>
      )}
    </dialog>
  );
}

export interface ConfirmDialogProps {
  title: ReactNode;
  /** What will happen, and how it can be taken back. */
  children?: ReactNode;
  /** The verb with the thing and the number: "Delete 340 contacts". */
  confirmLabel: string;
  /** Where "Cancel" could be taken for the action itself. */
  cancelLabel?: string;
  isDangerous?: boolean;
  isBusy?: boolean;
  /** Why it cannot be done. */
  disabledReason?: string | false | null;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog({ title, children, confirmLabel, cancelLabel, isDangerous = false, isBusy = false, disabledReason = null, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation('ui');
  return (
    <Dialog
      title={title}
      onClose={onClose}
      size="small"
      footer={
        <>
          <Button onClick={onClose}>{cancelLabel ?? t('cancel')}</Button>
          <Button look={isDangerous ? 'danger' : 'primary'} onClick={onConfirm} isBusy={isBusy} disabledReason={disabledReason} data-autofocus="">
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
