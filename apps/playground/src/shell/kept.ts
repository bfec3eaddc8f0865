// What the browser keeps for this page. It may refuse: then nothing is kept.
export function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(`hopfield-playground-${name}`) ?? undefined
  } catch {
    return undefined
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`hopfield-playground-${name}`, value)
  } catch {}
}
