/** How much room to make where `needed` is more than there is: half as much again, so that growing costs little per entry. */
export function roomFor(needed: number, room: number): number {
  return Math.max(needed, Math.ceil(room * 1.5))
}
