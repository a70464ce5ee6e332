import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'

/** Who may import whom. Everyone may import their own, too; a test file may import anything. */
const mayImport: Record<string, readonly string[]> = {
  engine: [],
  presets: ['engine'],
  server: ['engine', 'presets', 'root'],
  dialects: ['engine', 'presets', 'server', 'root'],
  app: ['engine', 'presets', 'server', 'dialects', 'demo', 'root'],
  web: ['engine', 'presets'],
  demo: ['engine', 'presets', 'server', 'dialects', 'app', 'bench', 'root'],
  bench: ['engine', 'presets', 'server', 'dialects', 'app', 'demo', 'test', 'root'],
  test: ['engine', 'presets', 'server', 'dialects', 'app', 'demo', 'bench', 'web', 'root'],
  root: ['engine', 'presets', 'server', 'dialects', 'app', 'demo', 'bench', 'test', 'web'],
}

/** What is not a folder of the same name. `root` is package.json and the settings of tools. */
const app = ['app.ts', 'main.ts', 'commands/']

/** Inside server, each may import those above it and the files directly in server/, which import no folder. */
const insideServer = [
  ['database'],
  ['events'],
  ['queue'],
  ['http'],
  ['organizations'],
  ['accounts'],
  ['people'],
  ['services'],
  ['hours'],
  ['slots'],
  ['appointments'],
  ['calendar'],
  ['notifications'],
  ['live'],
  ['importing'],
  ['jobs'],
]

/** The only places that may ask the world for its settings and for the time. */
const readsEnvironment = ['server/settings.ts', 'main.ts', 'test/', 'bench/']
const readsClock = ['server/clock.ts', ...app, 'test/', 'bench/']

export interface SourceFile {
  path: string
  text: string
}

export interface Violation {
  path: string
  line: number
  sentence: string
}

/** Everything in these files that crosses a border. Paths are relative to the project, with forward slashes. */
export function findViolations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap(violationsOf)
}

function violationsOf({ path, text }: SourceFile): Violation[] {
  const unknown = notInTheTable(placeOf(path))
  if (unknown) return [{ path, line: 1, sentence: unknown }]

  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const found: Violation[] = []
  visit(source, (node) => {
    const sentence = wrongWith(path, node)
    if (!sentence) return
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
    found.push({ path, line: line + 1, sentence })
  })
  return found
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  ts.forEachChild(node, (child) => visit(child, see))
}

interface Place {
  area: string
  /** Below server and dialects; empty for a file directly in them. */
  folder: string
  name: string
}

function placeOf(path: string): Place {
  if (isIn(path, app)) return { area: 'app', folder: '', name: path }
  const [area = '', folder = '', ...deeper] = path.split('/')
  if (folder === '') return { area: 'root', folder, name: path }
  if (area !== 'server' && area !== 'dialects') return { area, folder: '', name: area }
  if (deeper.length === 0) return { area, folder: '', name: path }
  return { area, folder, name: `${area}/${folder}` }
}

function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place))
}

function notInTheTable({ area, folder, name }: Place): string | undefined {
  const known = area === 'server' && folder ? rankOf(folder) >= 0 : area in mayImport
  if (known) return undefined
  return `${name}/ is not in the table of test/borders.ts; give it a place there and in DESIGN.md, or move this file.`
}

function rankOf(folder: string): number {
  return insideServer.findIndex((row) => row.includes(folder))
}

function wrongWith(path: string, node: ts.Node): string | undefined {
  const imported = importedBy(node)
  if (imported) return wrongImport(path, imported) ?? wrongIndex(path, node)
  if (readsTheEnvironment(node) && !isIn(path, readsEnvironment) && !isTest(path)) {
    return 'process.env is read only in server/settings.ts and main.ts; take a setting as an argument.'
  }
  if (readsTheClock(node) && !isIn(path, readsClock) && !isTest(path)) {
    return 'The clock is read only where the program is put together (server/clock.ts); take `now` as an argument.'
  }
  return undefined
}

interface Import {
  specifier: string
  typeOnly: boolean
}

/** What a node imports: `import … from`, `export … from`, `import()`, and `import('…')` as a type. */
function importedBy(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) {
    return imports(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
  }
  if (ts.isExportDeclaration(node)) return imports(node.moduleSpecifier, node.isTypeOnly)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return imports(node.argument.literal, true)
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return imports(node.arguments[0], false)
  }
  return undefined
}

function imports(specifier: ts.Node | undefined, typeOnly: boolean): Import | undefined {
  return specifier && ts.isStringLiteralLike(specifier) ? { specifier: specifier.text, typeOnly } : undefined
}

function wrongImport(path: string, { specifier, typeOnly }: Import): string | undefined {
  if (isTest(path)) return undefined
  const from = placeOf(path)
  if (from.area === 'presets' && !typeOnly) {
    return `A preset is plain data: it imports types only, so write \`import type\` for ${specifier} or do without it.`
  }
  if (!specifier.startsWith('.')) return wrongPackage(from, specifier)
  const target = posix.join(posix.dirname(path), specifier)
  if (isTest(target) && from.area !== 'test' && from.area !== 'bench') {
    return `${target} is a test; only tests import it.`
  }
  return wrongCrossing(from, placeOf(target))
}

/** A test, or what tests of one folder share. */
function isTest(path: string): boolean {
  return /\.(test|reference)\.tsx?$|\/testing\//.test(path)
}

function wrongPackage(from: Place, specifier: string): string | undefined {
  if (from.area !== 'engine') return undefined
  return `The engine imports nothing but itself; hand it what it needs from ${specifier} as an argument.`
}

function wrongCrossing(from: Place, to: Place): string | undefined {
  if (from.area !== to.area) return wrongArea(from, to)
  if (!to.folder || from.folder === to.folder) return undefined
  if (!from.folder) return `${from.name} is common ground of all ${from.area}; it may not import ${to.name}.`
  if (from.area === 'dialects') return `${from.name} may not import ${to.name}: no dialect knows another.`
  return wrongOrder(from, to)
}

function wrongArea(from: Place, to: Place): string | undefined {
  const allowed = mayImport[from.area] ?? []
  if (allowed.includes(to.area)) return undefined
  return `${from.name} may not import ${to.name}: ${from.area} imports ${['only itself', ...allowed].join(', ')}.`
}

function wrongOrder(from: Place, to: Place): string | undefined {
  const above = insideServer.slice(0, rankOf(from.folder)).flat()
  if (above.includes(to.folder)) return undefined
  return `${from.name} may not import ${to.name}: inside server it imports only ${above.join(', ') || 'the files directly in server/'}.`
}

function wrongIndex(path: string, node: ts.Node): string | undefined {
  if (!ts.isExportDeclaration(node) || !/(^|\/)index\.tsx?$/.test(path)) return undefined
  return 'An index that re-exports hides who needs what; import the file itself.'
}

function readsTheEnvironment(node: ts.Node): boolean {
  return isMember(node, 'process', 'env')
}

function readsTheClock(node: ts.Node): boolean {
  if (isMember(node, 'Date', 'now') || isMember(node, 'Temporal', 'Now')) return true
  if (ts.isNewExpression(node)) return isGlobal(node.expression, 'Date') && !node.arguments?.length
  return ts.isCallExpression(node) && isGlobal(node.expression, 'Date')
}

function isMember(node: ts.Node, object: string, name: string): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === name && isGlobal(node.expression, object)
}

function isGlobal(node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node)) return node.text === name
  return isMember(node, 'globalThis', name)
}

function readSources(): SourceFile[] {
  const cwd = posix.dirname(import.meta.dirname)
  const paths = globSync('**/*.{ts,tsx,js}', { cwd, exclude: isForeign }).toSorted()
  return paths.map((path) => ({ path, text: readFileSync(posix.join(cwd, path), 'utf8') }))
}

function isForeign(path: string): boolean {
  return /(^|\/)(node_modules|dist|coverage)$|^data$/.test(path)
}

if (import.meta.main) {
  const violations = findViolations(readSources())
  for (const { path, line, sentence } of violations) console.log(`${path}:${line}  ${sentence}`)
  if (violations.length > 0) process.exitCode = 1
}
