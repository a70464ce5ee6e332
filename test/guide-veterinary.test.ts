import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { followFromNothing } from './following.ts'
import { dataFolder, killPrograms } from './program.ts'

const base = '/veterinary/api/v1'
const data = dataFolder()
after(() => {
  killPrograms()
  data.remove()
})

test('goes from an empty installation through every operation of the veterinary system, as its page says', async () => {
  const { address, output } = await followFromNothing('docs/veterinary.md', { DATA_DIR: data.folder })
  const asked = [...output.matchAll(/^([A-Z]+ \/[^\s?]*?)\/?(\?\S*)?: \d{3}$/gm)].map(([, what]) => what!)
  const document = await fetch(`${address}/veterinary/openapi.json`)
  const { paths } = (await document.json()) as { paths: Record<string, object> }
  const operations = Object.entries(paths)
    .filter(([path]) => path.startsWith(base))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path.replace(base, '')}`))
  const missing = operations.filter((operation) => {
    const [method, path] = operation.split(' ') as [string, string]
    const pattern = new RegExp(`^${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    return !asked.some((one) => pattern.test(one))
  })
  assert.ok(operations.length > 30)
  assert.deepEqual(missing, [])
})
