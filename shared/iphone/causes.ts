/** Causes as the lab tells them: it is the lab that acts, so it knows what began and when it stood in the way no more. */
import type { Cause } from '../wire/values.ts';
import { type Phone, tell } from './phone.ts';

export const causeBegan = (phone: Phone, cause: Cause, title: string, injectId: string | undefined): void => {
  const { os } = phone;
  const causeId = `iphone-${os.nextCause++}`;
  os.causes = { ...os.causes, [cause]: causeId };
  tell(
    phone,
    'lab',
    'cause.began',
    { causeId, cause, title, ...(injectId === undefined ? {} : { injectId }), fidelity: 'F0' },
    'lab',
  );
};

/** Nothing happens when that cause is not open. */
export const causeCleared = (phone: Phone, cause: Cause, how: string): void => {
  const { os } = phone;
  const causeId = os.causes[cause];
  if (causeId === undefined) return;
  const { [cause]: _, ...others } = os.causes;
  os.causes = others;
  tell(phone, 'lab', 'cause.cleared', { causeId, cause, how }, 'lab');
};

/** A change that is over as soon as it has happened: from here on the app can recover. */
export const causeAtOnce = (
  phone: Phone,
  cause: Cause,
  title: string,
  how: string,
  injectId: string | undefined,
): void => {
  causeBegan(phone, cause, title, injectId);
  causeCleared(phone, cause, how);
};
