// What ../other-forms.ts exports, for an entry that makes no other forms.

export function otherState(): never {
  throw new Error('hopfield-native/classic has implicit weights alone')
}

/** Asked of matrices alone. */
export function keepsFields(): boolean {
  return false
}
