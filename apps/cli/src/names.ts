/** What fits above a picture: its class, its character, or nothing. */
export function shortName(name: string): string {
  return (
    /=([^=]{1,8})$/.exec(name)?.[1] ??
    /^U\+[\dA-F]+ (.{1,2})$/u.exec(name)?.[1] ??
    (name.length <= 8 ? name : '')
  )
}
