// vite takes style sheets as imports.
declare module '*.css' {}

// And the text of a file.
declare module '*?raw' {
  const text: string
  export default text
}
