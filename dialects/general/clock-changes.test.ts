import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newOrganization, newProvider } from '../../test/cast.ts'
import { from, generalApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

const SPRING = '2027-03-28'
const AUTUMN = '2027-10-31'

describe('slots stand on the wall clock of the organization', () => {
  it('in summer as in winter, wherever it is', async () => {
    for (const time_zone of ['Europe/London', 'America/New_York', 'Asia/Kathmandu', 'UTC']) {
      const { startsOn } = await arrange({ time_zone, opens: '09:00', closes: '11:00' })
      for (const date of ['2027-03-03', '2027-07-07']) {
        assert.deepEqual(await startsOn(date), ['09:00', '10:00'], `${date} ${time_zone}`)
      }
    }
  })

  it('also on the days the clocks change', async () => {
    const { startsOn } = await arrange({ opens: '09:00', closes: '11:00' })
    for (const date of [SPRING, AUTUMN]) assert.deepEqual(await startsOn(date), ['09:00', '10:00'], date)
  })

  it('and are of one date, which begins and ends at its own midnights', async () => {
    const { startsOn } = await arrange({ time_zone: 'America/New_York', opens: '00:00', closes: '24:00' })
    const starts = await startsOn('2027-03-03')
    assert.deepEqual([starts.length, starts[0], starts.at(-1)], [24, '00:00', '23:00'])
  })

  it('of which the hour that is skipped in spring has none', async () => {
    const { slots } = await arrange({ opens: '00:00', closes: '04:00' })
    // The first takes an hour, at whose end the clock shows two.
    assert.deepEqual(await slots(SPRING), [
      from('00:00', '02:00', SPRING),
      from('02:00', '03:00', SPRING),
      from('03:00', '04:00', SPRING),
    ])
  })

  it('of which the hour that comes twice in autumn has those of its first time: no other can be said', async () => {
    const { slots } = await arrange({ opens: '00:00', closes: '03:00' })
    assert.deepEqual(await slots(AUTUMN, '30'), [
      from('00:00', '00:30', AUTUMN),
      from('00:30', '01:00', AUTUMN),
      from('01:00', '01:30', AUTUMN),
      from('02:00', '02:30', AUTUMN),
      from('02:30', '03:00', AUTUMN),
    ])
  })
})

describe('every slot that is offered', () => {
  const days = [
    ['Europe/London', '2027-03-03', '60', 24],
    ['Europe/London', SPRING, '60', 23],
    ['Europe/London', AUTUMN, '60', 23],
    ['Europe/London', AUTUMN, '30', 47],
    ['America/New_York', '2027-11-07', '60', 23],
    ['America/Santiago', '2027-09-05', '60', 23],
  ] as const
  for (const [time_zone, date, minutes, count] of days) {
    it(`can be booked as it is written: those of ${minutes} minutes on ${date} in ${time_zone}`, async () => {
      const { api, staff, client, slots } = await arrange({ time_zone, opens: '00:00', closes: '24:00' })
      const offered = await slots(date, minutes)
      assert.equal(offered.length, count)
      for (const slot of offered) {
        const booked = await api.post('/appointments', client, { staff_id: staff.id, ...slot })
        assert.equal(booked.status, 201, `${slot.start_time}: ${JSON.stringify(booked.body)}`)
        assert.deepEqual([booked.body.start_time, booked.body.end_time], [slot.start_time, slot.end_time])
      }
      assert.deepEqual(await slots(date, minutes), [])
    })
  }
})

interface Slot {
  start_time: string
  end_time: string
}

/** Somebody of the staff who is there on every day of the week. */
async function arrange({
  time_zone = 'Europe/London',
  ...hours
}: {
  time_zone?: string
  opens: string
  closes: string
}) {
  const stage = await newOrganization(app, { time_zone })
  const api = generalApi(app, stage)
  const staff = await newProvider(app, stage, { weekdays: [1, 2, 3, 4, 5, 6, 7], ...hours })
  const client = await newClient(app, stage)
  const slots = async (date: string, slot_duration = '60'): Promise<Slot[]> => {
    const asked = new URLSearchParams({ staff_id: staff.id, date, slot_duration })
    return (await api.get(`/availability/slots?${asked}`)).body.slots
  }
  const startsOn = async (date: string) =>
    (await slots(date)).map(({ start_time }) => start_time.slice(11, 16))
  return { api, staff, client, slots, startsOn }
}
