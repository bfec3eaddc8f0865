// The other side of apart.mjs: node worker.mjs MODULE FUNCTION INPUT prints what the function makes of it.
const [module, work, input] = process.argv.slice(2)
const { [work]: call } = await import(module)
process.stdout.write(JSON.stringify(await call(JSON.parse(input))))
