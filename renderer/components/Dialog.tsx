/** A modal dialog: the browser's own, which keeps the focus inside and gives it back. */
import { type ReactNode, useEffect, useRef } from 'react';

export function Dialog({
  label,
  className,
  onClose,
  children,
}: {
  readonly label: string;
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || dialog.open) return undefined;
    const before = document.activeElement;
    dialog.showModal();
    // The dialog leaves the page as it closes; the focus goes back to where it was.
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own key; a click on the backdrop is the same
    <dialog
      ref={ref}
      aria-label={label}
      className={className === undefined ? 'dialog' : `dialog ${className}`}
      onClose={onClose}
      onCancel={onClose}
      onClick={(event) => {
        if (event.target === ref.current) ref.current?.close();
      }}
    >
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
