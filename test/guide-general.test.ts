import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { follow } from './following.ts'
import { dataFolder, killPrograms, startProgram } from './program.ts'

const document = 'docs/general.md'
const data = dataFolder()
after(() => {
  killPrograms()
  data.remove()
})

test('goes from an empty installation through all of the general system, as its page says', async () => {
  const env = { DATA_DIR: data.folder }
  const isSetup = (block: string) => block.includes('npm run setup')
  const setUp = await follow(document, { env, only: isSetup })
  assert.equal(setUp.code, 0, setUp.output)

  const { address } = await startProgram(env)
  const isRequest = (block: string) => !block.includes('npm ')
  const { code, output } = await follow(document, { address, only: isRequest })
  assert.equal(code, 0, `…${output.slice(-2500)}`)
})
