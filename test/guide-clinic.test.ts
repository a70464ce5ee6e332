import { after, test } from 'node:test'
import { followFromNothing } from './following.ts'
import { dataFolder, killPrograms } from './program.ts'

const data = dataFolder()
after(() => {
  killPrograms()
  data.remove()
})

test('goes from an empty installation through all of the clinic’s system, as its page says', async () => {
  await followFromNothing('docs/clinic.md', { DATA_DIR: data.folder })
})
