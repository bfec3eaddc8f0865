/** What is used of it; the package has no types. */
declare module 'autocannon' {
  interface Result {
    readonly requests: { readonly average: number; readonly total: number }
    readonly non2xx: number
    readonly errors: number
  }

  interface Running extends Promise<Result> {
    on(
      event: 'response',
      heard: (client: unknown, status: number, bytes: number, milliseconds: number) => void,
    ): void
  }

  interface Options {
    readonly url: string
    readonly connections: number
    readonly duration: number
    readonly requests: readonly {
      readonly method: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: Buffer
    }[]
  }

  export default function autocannon(options: Options): Running
}
