import { fileURLToPath } from 'node:url'
import ts from 'typescript-5.4'

// The public surface as the types tell it: whatever src/index.ts, src/experiments.ts and src/optimization.ts export is in it by itself.

/** A parameter of a door. */
export interface Parameter {
  readonly name: string
  /** The properties of the plain objects that it may be: names of options. */
  readonly keys: readonly string[]
}

/** A public function, constructor or method that takes arguments. */
export interface Door {
  /** As 'basin', 'new HopfieldNetwork' or 'HopfieldNetwork.recall'. */
  readonly name: string
  /** The class; undefined of a function. */
  readonly owner: string | undefined
  readonly kind: 'function' | 'constructor' | 'static' | 'method'
  /** The name of the function or method. */
  readonly method: string
  readonly parameters: readonly Parameter[]
}

/** Every door of the package. */
export function publicDoors(): Door[] {
  const roots = ['index', 'experiments', 'optimization'].map((name) =>
    fileURLToPath(new URL(`../../src/${name}.ts`, import.meta.url)),
  )
  const program = ts.createProgram(roots, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2023.d.ts'],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  })
  return roots.flatMap((root) => doorsOf(program, program.getSourceFile(root) as ts.SourceFile))
}

function doorsOf(program: ts.Program, source: ts.SourceFile): Door[] {
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(source) as ts.Symbol
  const doors: Door[] = []
  const add = (door: Omit<Door, 'parameters'>, signatures: readonly ts.Signature[]): void => {
    const parameters = parametersOf(checker, source, signatures)
    if (parameters.length > 0) doors.push({ ...door, parameters })
  }
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    const owner = exported.name
    if (symbol.flags & ts.SymbolFlags.Class) {
      const type = checker.getTypeOfSymbol(symbol)
      const declared = symbol.declarations?.[0] as ts.Declaration
      const abstract = ts.getCombinedModifierFlags(declared) & ts.ModifierFlags.Abstract
      if (!abstract && !isTypeOnly(exported) && !isPrivatelyMade(declared)) {
        add(
          { name: `new ${owner}`, owner, kind: 'constructor', method: owner },
          type.getConstructSignatures(),
        )
      }
      for (const [kind, of] of [
        ['static', type],
        ['method', checker.getDeclaredTypeOfSymbol(symbol)],
      ] as const) {
        for (const method of of.getProperties().filter(isPublicMethod)) {
          const door = { name: `${owner}.${method.name}`, owner, kind, method: method.name }
          add(door, checker.getTypeOfSymbolAtLocation(method, source).getCallSignatures())
        }
      }
    } else if (symbol.flags & ts.SymbolFlags.Function) {
      const type = checker.getTypeOfSymbolAtLocation(symbol, source)
      add({ name: owner, owner: undefined, kind: 'function', method: owner }, type.getCallSignatures())
    }
  }
  return doors
}

/** Whether only the type is exported: then nobody outside can construct one. */
function isTypeOnly({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some(
    (one) => ts.isExportSpecifier(one) && (one.isTypeOnly || one.parent.parent.isTypeOnly),
  )
}

/** Whether a class has a constructor of its own use alone. */
function isPrivatelyMade(declared: ts.Declaration): boolean {
  return (
    ts.isClassLike(declared) &&
    declared.members.some(
      (member) =>
        ts.isConstructorDeclaration(member) &&
        (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) !== 0,
    )
  )
}

function isPublicMethod(symbol: ts.Symbol): boolean {
  const [declared] = symbol.declarations ?? []
  if (declared === undefined || !(symbol.flags & ts.SymbolFlags.Method)) return false
  // JavaScript's own, as Error.captureStackTrace.
  if (!declared.getSourceFile().fileName.includes('/src/')) return false
  if (!/^[a-z]/.test(symbol.name)) return false
  const hidden = ts.ModifierFlags.Protected | ts.ModifierFlags.Private
  return (ts.getCombinedModifierFlags(declared) & hidden) === 0
}

/** The parameters of all overloads, by place: each has the name that it has in the longest, and the options of all. */
function parametersOf(
  checker: ts.TypeChecker,
  source: ts.SourceFile,
  signatures: readonly ts.Signature[],
): Parameter[] {
  const longest = signatures.reduce<readonly ts.Symbol[]>(
    (most, { parameters }) => (parameters.length > most.length ? parameters : most),
    [],
  )
  return longest.map(({ name }, place) => {
    const keys = signatures.flatMap(({ parameters }) => {
      const parameter = parameters[place]
      return parameter === undefined ? [] : keysOf(checker.getTypeOfSymbolAtLocation(parameter, source))
    })
    return { name, keys: [...new Set(keys)].sort() }
  })
}

function keysOf(type: ts.Type): string[] {
  if (type.isUnion()) return type.types.flatMap(keysOf)
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return []
  if (type.isClass() || type.getCallSignatures().length > 0) return []
  const names = type.getProperties().map(({ name }) => name)
  // Arrays and buffers are no objects of options.
  return names.includes('length') || names.includes('byteLength')
    ? []
    : names.filter((name) => /^[a-z]/i.test(name))
}
