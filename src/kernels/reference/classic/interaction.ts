// What ../interaction.ts exports, for an entry that makes no other forms than the implicit one.

/** Nothing is one. */
export class InteractionState {
  active(): number {
    return 0
  }
}
