import assert from 'node:assert/strict'
import { request as rawRequest } from 'node:http'
import { after, before, describe, it } from 'node:test'
import type sharpOf from 'sharp'
import { startApp } from '../../test/app.ts'
import {
  book,
  formWith,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  type Stage,
  visiting,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

let sharp: typeof sharpOf
let wasLoadedAtStart: boolean
before(async () => {
  wasLoadedAtStart = isLoaded()
  ;({ default: sharp } = await import('sharp'))
})

/** Whether the native library of pictures is in this process. */
function isLoaded(): boolean {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] }
  return sharedObjects.some((path) => path.includes('libvips'))
}

const blank = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } })
const small = () => blank(40, 30).jpeg().toBuffer()

const mine = ({ token }: Person, file: Buffer, name?: string, type?: string) =>
  app.post('/users/me/photo', { token, body: formWith(file, name, type) })
const asProvider = ({ token }: Person, { id }: { id: string }, file: Buffer) =>
  app.post(`/providers/${id}/photo`, { token, body: formWith(file) })
const removeMine = ({ token }: Person) => app.request('DELETE', '/users/me/photo', { token })

/** The bytes that are served, as the picture they are. */
async function seen(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${app.address}${path}`, { headers })
  const content = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, headers: answer.headers, content }
}
const bearer = ({ token }: Person) => ({ authorization: `Bearer ${token}` })

describe('a photo of oneself', () => {
  it('is told of wherever the person is shown, and served there', async () => {
    const stage = await newOrganization(app)
    const provider = await newPerson(app, stage.organization, ['provider', 'client'])
    const { status, body } = await mine(provider, await small())
    assert.equal(status, 200)
    assert.equal(body.photo_url, `/api/v1/users/${provider.id}/photo`)
    assert.equal((await app.get('/auth/me', provider)).body.photo_url, body.photo_url)
    const shown = [
      body.photo_url,
      (await app.get(`/providers/${provider.id}`, provider)).body.photo_url,
      (await app.get(`/clients/${provider.id}`, provider)).body.photo_url,
      (await app.get('/clients', provider)).body.items[0].photo_url,
    ]
    for (const path of shown) {
      const { status, content } = await seen(path, bearer(provider))
      assert.equal(status, 200, path)
      assert.equal((await sharp(content).metadata()).width, 40)
    }
  })

  it('is nowhere until there is one', async () => {
    const stage = await newOrganization(app)
    const provider = await newProvider(app, stage)
    assert.equal((await app.get('/users/me', provider)).body.photo_url, null)
    assert.equal((await app.get(`/providers/${provider.id}`, provider)).body.photo_url, null)
    assert.equal((await app.get(`/providers/${provider.id}/photo`, provider)).status, 404)
  })

  it('takes the place of the one before, and can be taken away', async () => {
    const { admin } = await newOrganization(app)
    await mine(admin, await small())
    const { photo_url } = (await mine(admin, await blank(50, 60).png().toBuffer())).body
    const { content } = await seen(photo_url, bearer(admin))
    assert.equal((await sharp(content).metadata()).height, 60)
    assert.equal((await removeMine(admin)).status, 204)
    assert.equal((await seen(photo_url, bearer(admin))).status, 404)
    assert.equal((await app.get('/users/me', admin)).body.photo_url, null)
    assert.equal((await removeMine(admin)).status, 204)
  })

  it('is seen by whoever keeps the accounts, and by no colleague', async () => {
    const { organization, admin } = await newOrganization(app)
    const desk = await newPerson(app, organization, ['reception'])
    const colleague = await newPerson(app, organization, ['secretary'])
    const { photo_url } = (await mine(desk, await small())).body
    assert.equal((await seen(photo_url, bearer(admin))).status, 200)
    assert.equal((await seen(photo_url, bearer(colleague))).status, 404)
    assert.equal((await seen(photo_url)).status, 401)
  })
})

describe('the photo of a provider', () => {
  it('is there for visitors', async () => {
    const { organization, admin } = await newOrganization(app)
    const provider = await newPerson(app, organization, ['provider'])
    assert.equal((await asProvider(admin, provider, await small())).status, 200)
    const { body } = await app.get(`/providers/${provider.id}`, { headers: visiting(organization) })
    const { status, headers } = await seen(body.photo_url, visiting(organization))
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'image/webp')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('content-security-policy'), "default-src 'none'")
    assert.equal(headers.get('cache-control'), 'public, no-cache')
  })

  it('is set and taken away by administrators and by themself, and by nobody else', async () => {
    const stage = await newOrganization(app)
    const provider = await newProvider(app, stage)
    const other = await newProvider(app, stage)
    const remove = ({ token }: Person) => app.request('DELETE', `/providers/${provider.id}/photo`, { token })
    assert.equal((await asProvider(provider, provider, await small())).status, 200)
    assert.equal((await asProvider(other, provider, await small())).status, 403)
    assert.equal((await remove(other)).status, 403)
    assert.equal((await remove(stage.admin)).status, 204)
    assert.equal((await app.get(`/providers/${provider.id}/photo`, provider)).status, 404)
  })

  it('is not sent again to whoever has it already', async () => {
    const { organization, admin } = await newOrganization(app)
    const provider = await newPerson(app, organization, ['provider'])
    const path = (await asProvider(admin, provider, await small())).body.photo_url
    const first = await seen(path, visiting(organization))
    const tag = first.headers.get('etag')!
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await seen(path, { ...visiting(organization), 'if-none-match': known })
      assert.equal(again.status, 304, known)
      assert.equal(again.content.length, 0)
    }
    await asProvider(admin, provider, await blank(9, 9).png().toBuffer())
    assert.equal((await seen(path, { ...visiting(organization), 'if-none-match': tag })).status, 200)
  })

  it('goes with a person who turns out to have been here before', async () => {
    const { organization, admin } = await newOrganization(app)
    const email = 'ada@example.com'
    const known = await app.post('/clients', { token: admin.token, body: { name: 'Ada', email } })
    const signedUp = await newPerson(app, organization, ['client'])
    await mine(signedUp, await small())
    await signedUpAs(email, signedUp)
    assert.equal((await seen(`/api/v1/clients/${known.body.id}/photo`, bearer(admin))).status, 200)
  })
})

/** Verifies that an address is somebody's who signed up with it, which joins them with whoever was known by it. */
async function signedUpAs(email: string, { id }: Person): Promise<void> {
  const { attachToKnownPerson } = await import('../accounts/attaching.ts')
  const { inTransaction } = await import('../database/transactions.ts')
  await inTransaction(app.connection.db, async (trx) => {
    const set = trx.updateTable('accounts').set({ email }).where('person_id', '=', id).returningAll()
    await attachToKnownPerson(trx, await set.executeTakeFirstOrThrow(), app.now())
  })
}

describe('the photo of a client', () => {
  it('is seen by whoever may know the client, and kept by nobody in between', async () => {
    const stage = await newOrganization(app)
    const client = await newClient(app, stage)
    const [provider, stranger] = [await newProvider(app, stage), await newProvider(app, stage)]
    const { id: service_id } = await newService(app, stage)
    await book(app, client, { provider_id: provider.id, service_id, starts_at: '2027-03-02T10:00:00Z' })
    await mine(client, await small())
    const path = `/api/v1/clients/${client.id}/photo`
    for (const person of [client, provider, stage.admin]) {
      const { status, headers } = await seen(path, bearer(person))
      assert.equal(status, 200)
      assert.equal(headers.get('cache-control'), 'private, no-cache')
    }
    assert.equal((await seen(path, bearer(stranger))).status, 404)
    assert.equal((await seen(path, bearer(await newClient(app, stage)))).status, 404)
    assert.equal((await seen(path, visiting(stage.organization))).status, 401)
    assert.equal((await seen(`/api/v1/providers/${client.id}/photo`, bearer(client))).status, 404)
  })
})

describe('what is kept of a photo', () => {
  let stage: Stage
  before(async () => (stage = await newOrganization(app)))

  async function kept(sent: Buffer) {
    const { status, body } = await mine(stage.admin, sent)
    assert.equal(status, 200, JSON.stringify(body))
    const { content } = await seen(body.photo_url, bearer(stage.admin))
    return { content, ...(await sharp(content).metadata()) }
  }

  it('is small, whatever kind was sent, and as wide to high as it was', async () => {
    const picture = blank(2000, 1000)
    for (const sent of [picture.jpeg(), picture.png(), picture.gif(), picture.webp()]) {
      const { format, width, height } = await kept(await sent.toBuffer())
      assert.deepEqual({ format, width, height }, { format: 'webp', width: 512, height: 256 })
    }
  })

  it('is not blown up', async () => {
    const { width, height } = await kept(await small())
    assert.deepEqual({ width, height }, { width: 40, height: 30 })
  })

  it('stands upright, and does not say where or with what it was taken', async () => {
    const exif = { IFD0: { Make: 'Spy' }, IFD3: { GPSLatitude: '51/1 30/1 0/1', GPSLatitudeRef: 'N' } }
    const sent = await blank(40, 20).jpeg().withExif(exif).withMetadata({ orientation: 6 }).toBuffer()
    assert.ok((await sharp(sent).metadata()).exif)
    const { width, height, exif: left, orientation, content } = await kept(sent)
    assert.deepEqual(
      { width, height, left, orientation },
      { width: 20, height: 40, left: undefined, orientation: undefined },
    )
    assert.doesNotMatch(content.toString('latin1'), /Spy|EXIF|GPS/)
  })

  it('is the picture, without what hides behind it', async () => {
    const sent = Buffer.concat([await small(), Buffer.from('<script>alert(1)</script>%PDF-1.7')])
    const { content } = await kept(sent)
    assert.doesNotMatch(content.toString('latin1'), /script|PDF/)
  })

  it('is what the content is, not what it is called', async () => {
    const { body } = await mine(stage.admin, await blank(7, 7).png().toBuffer(), 'evil.html', 'text/html')
    const { headers } = await seen(body.photo_url, bearer(stage.admin))
    assert.equal(headers.get('content-type'), 'image/webp')
  })
})

describe('no photo', () => {
  let stage: Stage
  before(async () => (stage = await newOrganization(app)))

  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
  const notPhotos = {
    'an SVG': svg,
    'an SVG behind a declaration': `<?xml version="1.0"?>${svg}`,
    'a page': '<!doctype html><script>alert(1)</script>',
    'a PDF': '%PDF-1.7\n',
    'a TIFF': 'II*\u0000\b\u0000\u0000\u0000',
    'a WAV': 'RIFF\u0004\u0000\u0000\u0000WAVE',
    nothing: '',
  }
  for (const [what, content] of Object.entries(notPhotos)) {
    it(`is ${what}, whatever it claims to be`, async () => {
      const { status, body } = await mine(stage.admin, Buffer.from(content, 'latin1'))
      assert.equal(status, 415)
      assert.equal(body.code, 'unsupported_photo')
      assert.match(body.detail, /JPEG, PNG, GIF or WebP/)
    })
  }

  it('is what only begins like one', async () => {
    const jpeg = await blank(400, 300).jpeg().toBuffer()
    const pretending = [
      Buffer.from('GIF89a/*<svg onload=alert(1)>*/=1'),
      Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from(svg)]),
      jpeg.subarray(0, 400),
    ]
    for (const sent of pretending) {
      const { status, body } = await mine(stage.admin, sent)
      assert.equal(status, 422)
      assert.equal(body.code, 'unreadable_photo')
    }
  })

  it('is a small file that unpacks to gigabytes', async () => {
    const bomb = await blank(12_000, 12_000).png({ compressionLevel: 9 }).toBuffer()
    assert.ok(bomb.length < 1024 * 1024)
    const { status, body } = await mine(stage.admin, bomb)
    assert.equal(status, 422)
    assert.match(body.detail, /50 million pixels/)
  })

  it('is larger than 5 MiB', async () => {
    const header = await small()
    for (const bytes of [5 * 1024 * 1024 + 1, 12 * 1024 * 1024]) {
      const { status, body } = await mine(
        stage.admin,
        Buffer.concat([header, Buffer.alloc(bytes - header.length)]),
      )
      assert.equal(status, 413)
      assert.equal(body.code, 'too_large')
      assert.match(body.detail, /5 MiB/)
    }
  })

  it('is left behind by any that was refused', async () => {
    const { admin } = await newOrganization(app)
    await mine(admin, Buffer.from(svg))
    assert.equal((await app.get('/users/me', admin)).body.photo_url, null)
  })
})

describe('a form', () => {
  let stage: Stage
  before(async () => (stage = await newOrganization(app)))

  const post = (body: string | FormData, headers?: Record<string, string>) =>
    app.post('/users/me/photo', { token: stage.admin.token, body, headers })
  const part = (name: string, rest = '') =>
    `--x\r\ncontent-disposition: form-data; name="${name}"${rest}\r\n\r\nv\r\n`
  const asForm = { 'content-type': 'multipart/form-data; boundary=x' }

  it('without a photo is told what is missing, and what is unknown', async () => {
    const other = new FormData()
    other.set('role', 'admin')
    for (const body of [other, `${part('role')}--x--\r\n`]) {
      const { status, body: problem } = await post(body, typeof body === 'string' ? asForm : undefined)
      assert.equal(status, 422)
      assert.deepEqual(problem.errors.map(({ field }: { field: string }) => field).toSorted(), [
        'file',
        'role',
      ])
    }
  })

  it('must have the photo as a file, once', async () => {
    const text = await post(`${part('file')}--x--\r\n`, asForm)
    assert.deepEqual([text.status, text.body.errors[0].field], [422, 'file'])
    const file = part('file', '; filename="a"')
    const twice = await post(`${file}${file}--x--\r\n`, asForm)
    assert.equal(twice.status, 413)
  })

  it('that is broken is refused with a sentence', async () => {
    const broken: [string, string][] = [
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=x', 'no form at all'],
      [
        'multipart/form-data; boundary=x',
        '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nv',
      ],
      ['multipart/form-data; boundary=x', `${part('__proto__')}--x--\r\n`],
    ]
    for (const [type, body] of broken) {
      const { status, body: problem } = await post(body, { 'content-type': type })
      assert.equal(status, 400, `${type}: ${body}`)
      assert.equal(problem.code, 'malformed_request')
    }
  })

  it('is the only thing that is taken there, and is taken nowhere else', async () => {
    const json = await post('{"file":"x"}', { 'content-type': 'application/json' })
    assert.equal(json.status, 415)
    const form = formWith(await small())
    const { token } = stage.admin
    for (const path of ['/clients', '/auth/login']) {
      const { status, body } = await app.post(path, { token, body: form })
      assert.deepEqual([status, body.code], [415, 'unsupported_media_type'])
    }
    assert.equal((await app.request('PATCH', '/users/me', { token, body: form })).status, 415)
  })

  it('must say how long it is', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { ...asForm, ...bearer(stage.admin), 'transfer-encoding': 'chunked' }
      const request = rawRequest(`${app.address}/api/v1/users/me/photo`, { method: 'POST', headers })
      request.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject)
      request.end(`${part('file', '; filename="a"')}--x--\r\n`)
    })
    assert.equal(status, 413)
  })

  it('needs a log-in before anything of it is read', async () => {
    const body = formWith(Buffer.alloc(6 * 1024 * 1024))
    const { status } = await app.post('/users/me/photo', { headers: visiting(stage.organization), body })
    assert.equal(status, 401)
  })
})

describe('the library of pictures', () => {
  it('is not loaded before somebody sends a photo', () => {
    assert.equal(wasLoadedAtStart, false)
    assert.equal(isLoaded(), true)
  })
})
