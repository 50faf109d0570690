/** Listeners of one kind of news; each `add` returns its remover. */
export interface Handlers<T> {
  add(handler: (value: T) => void): () => void;
  emit(value: T): void;
}
export function handlers<T>(): Handlers<T> {
  const all = new Set<(value: T) => void>();
  return {
    add(handler) {
      all.add(handler);
      return () => void all.delete(handler);
    },
    emit(value) {
      for (const handler of [...all]) handler(value);
    },
  };
}
