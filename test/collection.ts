import { writeFile } from 'node:fs/promises'
import { makeCollection } from '../dialects/general/collection/collection.ts'
import { flows } from '../dialects/general/collection/flows.ts'
import { startApp } from './app.ts'

// Writes the collection for Postman that belongs to the general API as it is now.
const file = new URL('../dialects/general/appointment_scheduling.postman_collection.json', import.meta.url)
const app = await startApp()
const { body: document } = await app.get('//general/openapi.json')
await app.stop()
await writeFile(file, `${JSON.stringify(makeCollection(flows, document), null, 2)}\n`)
