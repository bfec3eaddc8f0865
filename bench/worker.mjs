// The process that apart.mjs starts: node worker.mjs MODULE FUNCTION INPUT prints the function's result.
const [module, work, input] = process.argv.slice(2)
const { [work]: call } = await import(module)
process.stdout.write(JSON.stringify(await call(JSON.parse(input))))
