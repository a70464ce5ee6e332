import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ask } from '../test/app.ts'
import { type Home, newHome } from '../test/faults/home.ts'
import { dataFolder, killPrograms, type Program, runProgram } from '../test/program.ts'

const files = dataFolder()
const people = {
  providers: ['name;email', 'Bo;bo@school.example'],
  clients: ['\ufeffname;email', 'Cy;cy@school.example'],
}
const admin = { email: 'admin@school.example', password: 'Correct-Horse-9' }

let home: Home
let programs: Program[] = []
before(async () => {
  home = await newHome()
  const who = ['--trade', 'school', '--name', 'Hill School', '--slug', 'hill', '--time-zone', 'Europe/Berlin']
  const { code, output } = await run('setup', ...who, '--admin', admin.email, '--password', admin.password)
  assert.equal(code, 0, output)
})
after(() => {
  killPrograms()
  home.remove()
  files.remove()
})

function run(...args: string[]) {
  return runProgram(args, { LOG_LEVEL: 'warn', ...home.env })
}

/** The path of a file with these lines. */
function file(name: string, ...lines: string[]): string {
  const path = join(files.folder, name)
  writeFileSync(path, lines.join('\r\n'))
  return path
}

function bringIn(...args: string[]) {
  return run('import', '--organization', 'hill', ...args)
}

const meeting = (start: string) => `bo@school.example,cy@school.example,${start},online`
const meetings = (name: string, ...starts: string[]) =>
  file(name, 'provider,client,starts_at,meeting_mode', ...starts.map(meeting))

async function countOf(list: string): Promise<number> {
  const { address } = programs[0]!
  const { body } = await ask(address, 'POST', '/auth/login', { body: admin })
  const answer = await ask(address, 'GET', list, { token: body.access_token })
  return answer.body.items.length
}

describe('an import into a program that stands still', () => {
  it('that is a check writes nothing, and one that is none writes what the check said', async () => {
    const providers = file('teachers.csv', ...people.providers)
    const clients = file('parents.csv', ...people.clients)
    const args = [
      '--providers',
      providers,
      '--clients',
      clients,
      '--appointments',
      meetings('old.csv', '2020-03-02 09:00'),
    ]
    const checked = await bringIn(...args, '--check')
    assert.equal(checked.code, 0, checked.output)
    assert.match(
      checked.output,
      /Nothing is wrong.*1 teacher\n.*1 parent\n.*1 meeting, 0 still to come\n.*nothing was imported/s,
    )
    const { code, output } = await bringIn(...args)
    assert.equal(code, 0, output)
    assert.match(output, /Imported into Hill School:\n {2}1 teacher\n {2}1 parent\n {2}1 meeting/)
  })

  it('tells all that is wrong by file and line, and ends with 1', async () => {
    const clients = file('again.csv', ...people.clients, 'Ed;ed')
    const { code, output } = await bringIn('--clients', clients)
    assert.equal(code, 1)
    assert.deepEqual(output.trim().split('\n'), [
      `${clients}, line 2, email: is there already: it is the address of Cy`,
      `${clients}, line 3, email: must be an e-mail address, such as ada@example.org`,
      '',
      '2 problems: nothing was imported.',
    ])
  })

  it('says what is missing from the command, and which files cannot be read', async () => {
    const latin = join(files.folder, 'latin.csv')
    writeFileSync(latin, Buffer.from('name\nJos\u00e9', 'latin1'))
    const sentences = {
      import: /--organization is missing.*a file is missing: name at least one, with --staff/,
      'import --organization hill --clients nowhere.csv': /--clients cannot be read: .*nowhere\.csv/,
      [`import --organization hill --clients ${latin}`]: /--clients must be text in UTF-8.*latin\.csv is not/,
      [`import --organization vale --clients ${latin.replace('latin', 'again')}`]:
        /"vale" is not the slug.*hill/,
      'import --organisation hill': /Unknown option '--organisation'/,
    }
    for (const [words, sentence] of Object.entries(sentences)) {
      const { code, output } = await run(...words.split(' '))
      assert.equal(code, 1, words)
      assert.match(output, sentence)
      assert.doesNotMatch(output, /^ +at /m)
    }
  })
})

describe('an import while the program runs', () => {
  before(async () => (programs = await home.start()))
  after(() => Promise.all(programs.map((program) => program.end('SIGTERM'))))

  it('is seen by it at once', async () => {
    assert.equal(await countOf('/clients'), 1)
    const { code, output } = await bringIn(
      '--clients',
      file('more.csv', 'name,email', 'Di,di@school.example'),
    )
    assert.equal(code, 0, output)
    assert.match(output, /Imported into Hill School:\n {2}1 parent\nNobody was sent a message/)
    assert.equal(await countOf('/clients'), 2)
  })

  it('that is a check writes nothing', async () => {
    const clients = file('most.csv', 'name,email', 'Ed,ed@school.example')
    const { code, output } = await bringIn('--clients', clients, '--check')
    assert.equal(code, 0, output)
    assert.match(output, /Nothing is wrong/)
    assert.equal(await countOf('/clients'), 2)
  })

  it('tells all that is wrong, in sentences alone, and ends with 1', async () => {
    const appointments = meetings('clash.csv', '2099-03-02 09:00', '2099-03-02 09:15', 'at noon')
    const { code, output } = await bringIn('--appointments', appointments)
    assert.equal(code, 1)
    const lines = output.trim().split('\n')
    assert.deepEqual(
      lines.map((line) => line.replace(`${appointments}, `, '').slice(0, 40)),
      [
        'line 3, starts_at: is taken: the teacher',
        'line 4, starts_at: must be an instant wi',
        '',
        '2 problems: nothing was imported.',
      ],
    )
    assert.equal(await countOf('/appointments'), 1)
  })

  it('may be of some megabytes', async () => {
    const rows = Array.from(
      { length: 2000 },
      (_, at) => `Parent ${at},p${at}@school.example,${'.'.repeat(1500)}`,
    )
    const { code, output } = await bringIn('--clients', file('many.csv', 'name,email,notes', ...rows))
    assert.equal(code, 0, output)
    assert.match(output, /2000 parents/)
  })
})
