import { after, test } from 'node:test'
import { followAllOf } from './following.ts'
import { dataFolder, killPrograms } from './program.ts'

const data = dataFolder()
after(() => {
  killPrograms()
  data.remove()
})

test('goes from an empty installation through every operation of the veterinary system, as its page says', async () => {
  await followAllOf('veterinary', { DATA_DIR: data.folder })
})
