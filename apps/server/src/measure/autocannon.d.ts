/** What is used of it; the package has no types. */
declare module 'autocannon' {
  interface Latency {
    readonly p50: number
    readonly p99: number
  }

  interface Result {
    readonly latency: Latency
    readonly requests: { readonly average: number; readonly total: number }
    readonly non2xx: number
    readonly errors: number
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

  export default function autocannon(options: Options): Promise<Result>
}
