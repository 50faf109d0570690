/** A keyboard shortcut as the user's own keyboard shows it. */
import { keyWords } from '../commands/keys.ts';

export function Key({ keys }: { readonly keys: string }) {
  return <kbd>{keyWords(keys)}</kbd>;
}
