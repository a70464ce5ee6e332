import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { isFailure, made, newMeeting, newParent, newSchool, newSlot, newTeacher } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

for (const role of ['teacher', 'parent'] as const) {
  const profileOf = ({ id }: { id: string }) => `/${role}s/${id}`

  describe(`taking the profile of a ${role} away`, () => {
    it('is for administrators', async () => {
      const { api, admin, teacher, parent, stage, [role]: leaver } = await newSchool(app)
      const others = [await newTeacher(app, stage), await newParent(app, stage), teacher, parent]
      isFailure(await api.delete(profileOf(leaver)), 401)
      for (const person of others) isFailure(await api.delete(profileOf(leaver), person), 403)
      const { status, body } = await api.delete(profileOf(leaver), admin)
      assert.deepEqual([status, Object.keys(body)], [200, ['message']])
    })

    it('leaves an account that can have another', async () => {
      const { api, admin, [role]: leaver } = await newSchool(app)
      const { body: before } = await api.get('/auth/me', leaver)
      await api.delete(profileOf(leaver), admin)
      isFailure(await api.get(profileOf(leaver), admin), 404)
      assert.equal((await api.get(`/${role}s`, admin)).body.total, 0)
      const { status, body } = await api.get('/auth/me', leaver)
      assert.deepEqual([status, body.is_active, body.role], [200, true, before.role])
      const profile = role === 'teacher' ? { subject: 'Latin' } : { student_name: 'Robin' }
      const again = made(await api.post(`/${role}s`, admin, { user_id: leaver.id, ...profile }))
      assert.deepEqual((await api.get(profileOf(leaver), leaver)).body, again)
      assert.deepEqual({ ...again, ...profile }, again)
    })

    it('happens once, to somebody who has one', async () => {
      const { api, admin, teacher, parent, [role]: leaver } = await newSchool(app)
      const elsewhere = await newSchool(app)
      await api.delete(profileOf(leaver), admin)
      const others = role === 'teacher' ? [parent] : [teacher]
      for (const nobody of [leaver, ...others, elsewhere[role], { id: crypto.randomUUID() }]) {
        isFailure(await api.delete(profileOf(nobody), admin), 404)
      }
      assert.equal((await elsewhere.api.get(`/${role}s`, elsewhere.admin)).body.total, 1)
    })

    it('is refused as long as there are meetings to come', async () => {
      for (const status of ['pending', 'confirmed']) {
        const { api, admin, teacher, parent, [role]: leaver } = await newSchool(app)
        const { id } = await newMeeting(api, parent, await newSlot(api, teacher))
        if (status === 'confirmed') await api.put(`/appointments/${id}/status`, teacher, { status })
        isFailure(await api.delete(profileOf(leaver), admin), 409, /to come: cancel or move/)
        assert.equal((await api.get(profileOf(leaver), admin)).status, 200)
        assert.equal((await api.get(`/appointments/${id}`, admin)).body.status, status)
      }
    })

    it('is refused while a meeting is on, and possible once it is over', async () => {
      const { api, admin, teacher, parent, [role]: leaver } = await newSchool(app)
      await newMeeting(api, parent, await newSlot(api, teacher))
      app.setClock('2027-03-02T10:29:59Z')
      isFailure(await api.delete(profileOf(leaver), admin), 409)
      app.setClock('2027-03-02T10:30:00Z')
      assert.equal((await api.delete(profileOf(leaver), admin)).status, 200)
    })

    it('is possible once the meetings to come are cancelled, and those that were are kept', async () => {
      const { api, admin, teacher, parent, [role]: leaver } = await newSchool(app)
      const meeting = await newMeeting(api, parent, await newSlot(api, teacher), { notes: 'About maths' })
      await api.delete(`/appointments/${meeting.id}`, parent)
      assert.equal((await api.delete(profileOf(leaver), admin)).status, 200)
      const { body } = await api.get(`/appointments/${meeting.id}`, admin)
      assert.deepEqual([body.status, body.notes], ['cancelled', 'About maths'])
      assert.equal(body.parent.student_name, meeting.parent.student_name)
      assert.deepEqual([body.parent.user.id, body.teacher.user.id], [parent.id, teacher.id])
    })

    it('does not wait for the meetings of others', async () => {
      const { api, admin, stage, teacher, parent } = await newSchool(app)
      await newMeeting(api, parent, await newSlot(api, teacher))
      const leaver = await (role === 'teacher' ? newTeacher : newParent)(app, stage)
      assert.equal((await api.delete(profileOf(leaver), admin)).status, 200)
    })
  })
}

it('a teacher who has left offers nothing any more, and what they offered before is kept', async () => {
  const { api, admin, teacher, parent, stage } = await newSchool(app)
  const over = await newSlot(api, teacher)
  const ahead = await newSlot(api, teacher, { day_of_week: 3 })
  const cancelled = await newMeeting(api, parent, ahead)
  await api.delete(`/appointments/${cancelled.id}`, parent)
  const another = await newSlot(api, await newTeacher(app, stage))
  app.setClock('2027-03-02T10:30:00Z')
  assert.equal((await api.delete(`/teachers/${teacher.id}`, admin)).status, 200)
  const { body } = await api.get('/slots', parent)
  assert.deepEqual(
    body.slots.map(({ id }: { id: string }) => id).toSorted(),
    [over.id, another.id].toSorted(),
  )
  const wanted = { slot_id: ahead.id, meeting_mode: 'online' }
  isFailure(await api.post('/appointments/book', parent, wanted), 404, /no slot/)
  assert.equal((await api.get(`/appointments/${cancelled.id}`, parent)).body.status, 'cancelled')
})

it('a teacher whose account is switched off has no slots that can be had', async () => {
  const { api, admin, teacher, parent } = await newSchool(app)
  const { id: slot_id } = await newSlot(api, teacher)
  await api.delete(`/admin/users/${teacher.id}`, admin)
  assert.equal((await api.get('/slots?available_only=true', parent)).body.total, 0)
  isFailure(await api.post('/appointments/book', parent, { slot_id, meeting_mode: 'online' }), 409)
})

it('a parent who has left books nobody', async () => {
  const { api, admin, teacher, parent } = await newSchool(app)
  const { id: slot_id } = await newSlot(api, teacher)
  await api.delete(`/parents/${parent.id}`, admin)
  isFailure(
    await api.post('/appointments/book', parent, { slot_id, meeting_mode: 'online' }),
    404,
    /no parent/,
  )
  assert.equal((await api.get('/appointments', admin)).body.total, 0)
})

it('whoever books a teacher while they leave either has a meeting or is told that they cannot', async () => {
  for (let round = 0; round < 12; round++) {
    const { api, admin, teacher, parent } = await newSchool(app)
    const { id: slot_id } = await newSlot(api, teacher)
    const [booked, left] = await Promise.all([
      api.post('/appointments/book', parent, { slot_id, meeting_mode: 'online' }),
      api.delete(`/teachers/${teacher.id}`, admin),
    ])
    const outcome = `${booked.status} ${left.status}`
    assert.ok(['201 409', '409 200', '404 200'].includes(outcome), outcome)
  }
})

it('whoever books while they themselves are removed either has a meeting or is told that they cannot', async () => {
  for (let round = 0; round < 12; round++) {
    const { api, admin, teacher, parent } = await newSchool(app)
    const { id: slot_id } = await newSlot(api, teacher)
    const [booked, left] = await Promise.all([
      api.post('/appointments/book', parent, { slot_id, meeting_mode: 'online' }),
      api.delete(`/parents/${parent.id}`, admin),
    ])
    const outcome = `${booked.status} ${left.status}`
    assert.ok(['201 409', '409 200', '404 200', '422 200'].includes(outcome), outcome)
  }
})
