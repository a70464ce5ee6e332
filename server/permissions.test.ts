import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Action,
  actions,
  type Actor,
  grantable,
  may,
  reachOf,
  type Role,
  roles,
  scopes,
} from './permissions.ts'

const ME = 'me'
const HERE = 'here'
const somebody = (...having: Role[]): Actor => ({
  organization_id: 'ours',
  person_id: ME,
  session_id: '',
  roles: having,
  location_ids: [HERE],
})

/** What somebody may do at all, however narrowly. */
const allowed = (actor: Actor | null) => actions.filter((action) => reachOf(actor, action))
const everywhere = (actor: Actor | null) => actions.filter((action) => reachOf(actor, action)?.everything)

const open: Action[] = [
  'organization:read',
  'account:enter',
  'locations:read',
  'providers:read',
  'services:read',
  'hours:read',
  'slots:read',
]
const asTheirOwn: Action[] = [
  'account:own',
  'clients:read',
  'clients:change',
  'dependents:read',
  'dependents:create',
  'dependents:change',
  'appointments:read',
  'appointments:book',
  'appointments:change',
  'appointments:cancel',
  'appointments:confirm',
]

type Thing = Parameters<typeof may>[2]
const mineAsClient: Thing = { client_id: ME, provider_id: 'other', location_id: 'there' }
const mineAsProvider: Thing = { client_id: 'other', provider_id: ME, location_id: 'there' }
const ours: Thing = { client_id: 'other', provider_id: 'another', location_id: HERE }
const theirs: Thing = { client_id: 'other', provider_id: 'another', location_id: 'there' }
const nowhere: Thing = { client_id: 'other', provider_id: 'another', location_id: null }
const notMine: Thing[] = [ours, theirs, nowhere]
const notHere: Thing[] = [theirs, nowhere, {}]

describe('who may do what', () => {
  it('lets visitors look around and get in, and nothing else', () => {
    assert.deepEqual(allowed(null), open)
    assert.deepEqual(everywhere(null), open)
  })

  it('lets everybody do what a visitor may', () => {
    for (const role of roles)
      for (const action of open) assert.equal(may(somebody(role), action, theirs), true)
    assert.deepEqual(everywhere(somebody()), open)
  })

  it('lets administrators do everything, to everything', () => {
    for (const action of actions) {
      if (action !== 'account:own') assert.equal(may(somebody('admin'), action, theirs), true, action)
    }
    assert.deepEqual(allowed(somebody('admin')), actions)
  })

  it('lets a client do what concerns them, to what is theirs', () => {
    const client = somebody('client')
    assert.deepEqual(allowed(client).toSorted(), [...open, ...asTheirOwn].toSorted())
    for (const action of asTheirOwn) {
      for (const thing of [...notMine, mineAsProvider]) {
        assert.equal(may(client, action, thing), false, action)
      }
      if (action !== 'account:own') assert.equal(may(client, action, mineAsClient), true, action)
    }
  })

  it('lets a provider work with their own appointments and hours, and with nobody else’s', () => {
    const provider = somebody('provider')
    const work: Action[] = [
      'providers:change',
      'hours:change',
      'time_off:read',
      'time_off:change',
      'slots:publish',
      'statistics:read',
      'appointments:read',
      'appointments:book',
      'appointments:change',
      'appointments:cancel',
      'appointments:confirm',
      'appointments:decline',
      'appointments:attend',
    ]
    for (const action of work) {
      assert.equal(may(provider, action, mineAsProvider), true, action)
      for (const thing of notMine) assert.equal(may(provider, action, thing), false, action)
    }
    const all = new Set([...open, ...asTheirOwn, ...work, 'resources:read'])
    assert.deepEqual(allowed(provider).toSorted(), [...all].toSorted())
  })

  it('lets a desk act for its locations and for no other', () => {
    const work: Action[] = [
      'appointments:read',
      'appointments:book',
      'appointments:change',
      'appointments:cancel',
    ]
    for (const role of ['secretary', 'reception'] as const) {
      const more: Action[] = ['appointments:attend', 'members:read', 'time_off:read', 'statistics:read']
      for (const action of [...work, ...more]) {
        assert.equal(may(somebody(role), action, ours), true, `${role} ${action}`)
        for (const thing of notHere) assert.equal(may(somebody(role), action, thing), false, action)
      }
    }
  })

  it('leaves deciding and opening hours to the secretary, not to reception', () => {
    const kept = [
      'appointments:confirm',
      'appointments:decline',
      'hours:change',
      'time_off:change',
      'slots:publish',
    ]
    for (const action of kept as Action[]) {
      assert.equal(may(somebody('secretary'), action, ours), true, action)
      assert.equal(may(somebody('reception'), action, ours), false, action)
    }
  })

  it('lets an organization grant more to its roles, as widely as it says', () => {
    const grants = { provider: { 'clients:read': 'all', 'appointments:cancel': 'location' } } as const
    const provider = { ...somebody('provider'), grants }
    assert.equal(may(provider, 'clients:read', theirs), true)
    assert.equal(may(provider, 'appointments:cancel', ours), true)
    assert.equal(may(provider, 'appointments:cancel', theirs), false)
    assert.equal(may(provider, 'appointments:cancel', mineAsProvider), true)
    assert.equal(may({ ...somebody('client'), grants }, 'clients:read', theirs), false)
  })

  it('lets no organization grant what somebody could make themselves more by', () => {
    const kept = actions.filter((action) => !grantable.includes(action))
    for (const action of [
      'users:manage',
      'organization:change',
      'policies:override',
      'audit:read',
    ] as const) {
      assert.ok(kept.includes(action), action)
    }
    for (const action of kept) {
      const grants = { provider: { [action]: 'all' as const } }
      const granted = allowed({ ...somebody('provider'), grants })
      assert.deepEqual(granted, allowed(somebody('provider')), action)
    }
  })

  it('keeps to administrators what could make one, and what goes past the rules', () => {
    const kept: Action[] = [
      'organization:change',
      'users:manage',
      'api_keys:manage',
      'locations:change',
      'members:change',
      'providers:create',
      'clients:unblock',
      'services:change',
      'resources:change',
      'appointments:correct',
      'audit:read',
      'policies:override',
    ]
    for (const role of roles.filter((role) => role !== 'admin')) {
      for (const action of kept) assert.equal(reachOf(somebody(role), action), null, `${role} ${action}`)
    }
  })

  it('makes everybody the client of what they booked for themselves', () => {
    for (const role of roles) {
      assert.equal(may(somebody(role), 'appointments:cancel', mineAsClient), true, role)
      assert.equal(may(somebody(role), 'appointments:attend', mineAsClient), role === 'admin', role)
    }
    assert.equal(may(somebody(), 'appointments:cancel', mineAsClient), true)
  })

  it('adds up what several roles may', () => {
    const both = somebody('provider', 'reception')
    assert.equal(may(both, 'appointments:decline', mineAsProvider), true)
    assert.equal(may(both, 'appointments:cancel', ours), true)
    assert.equal(may(both, 'appointments:decline', ours), false)
    assert.equal(may(both, 'appointments:cancel', theirs), false)
    assert.deepEqual(everywhere(somebody('client', 'admin')), everywhere(somebody('admin')))
  })

  it('grants nothing by what is not said', () => {
    const nobody = { ...somebody('provider', 'client', 'secretary'), location_ids: [] }
    for (const thing of [{}, { provider_id: null, client_id: null, location_id: null }, nowhere]) {
      assert.equal(may(nobody, 'appointments:read', thing), false)
    }
    assert.equal(may(null, 'appointments:read', { client_id: ME }), false)
  })

  it('lets a key do what it is for, of what its maker may, and nothing besides', () => {
    for (const role of roles) {
      for (const action of scopes) {
        const key = { ...somebody(role), scopes: [action] }
        assert.deepEqual(allowed(key), reachOf(somebody(role), action) ? [action] : [], `${role} ${action}`)
        assert.deepEqual(reachOf(key, action), reachOf(somebody(role), action))
      }
    }
    assert.deepEqual(allowed({ ...somebody('admin'), scopes: [] }), [])
  })

  it('keeps from every key what is personal, and what would make another way in', () => {
    const kept: Action[] = ['account:own', 'account:enter', 'users:manage', 'api_keys:manage']
    const key = { ...somebody('admin'), scopes: actions }
    assert.deepEqual(new Set(allowed(key)).union(new Set(kept)), new Set(actions))
    for (const action of kept) assert.equal(reachOf(key, action), null, action)
  })

  it('tells lists how far to reach in the same words', () => {
    assert.deepEqual(reachOf(somebody('client'), 'appointments:read'), {
      everything: false,
      location_ids: [],
      own: { person_id: ME, as: ['client'] },
    })
    assert.deepEqual(reachOf(somebody('provider', 'secretary'), 'appointments:read'), {
      everything: false,
      location_ids: [HERE],
      own: { person_id: ME, as: ['provider', 'client'] },
    })
  })
})
