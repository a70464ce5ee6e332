import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Program, runProgram, startProgram } from '../program.ts'
import { preparedFolder } from './home.ts'

const words = ['--trade', 'general', '--name', 'Corner Studio', '--slug', 'corner', '--time-zone', 'UTC']

describe('a folder in which a program lives', () => {
  let data: Awaited<ReturnType<typeof preparedFolder>>
  let env: Record<string, string>
  let first: Program
  before(async () => {
    data = await preparedFolder()
    env = { DATA_DIR: data.folder }
    first = await startProgram(env)
  })
  after(async () => {
    await first.end('SIGKILL')
    data.remove()
  })

  it('is refused to a second one in a sentence, and the first goes on answering', async () => {
    const { code, output } = await runProgram(['start'], { ...env, PORT: '0', LOG_LEVEL: 'warn' })
    assert.equal(code, 1)
    assert.match(output, new RegExp(`${data.folder}.*in use|in use.*${data.folder}`, 's'))
    assert.equal(output.trim().split('\n').length, 1, output)
    assert.equal((await fetch(`${first.address}/health`)).status, 200)
  })

  it('is set up through the first, which knows the organization at once', async () => {
    const { code, output } = await runProgram(['setup', ...words], env)
    assert.equal(code, 0, output)
    assert.match(output, /Corner Studio is ready/)
    const shown = await fetch(`${first.address}/api/v1/organization`)
    assert.equal(((await shown.json()) as { slug: string }).slug, 'corner')
  })

  it('is free again once the first was killed', async () => {
    await first.end('SIGKILL')
    first = await startProgram(env)
    assert.equal((await fetch(`${first.address}/health`)).status, 200)
  })
})
