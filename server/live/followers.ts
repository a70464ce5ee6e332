import type { Log } from '../database/connect.ts'
import type { Standing } from '../http/asking.ts'
import type { Actor } from '../permissions.ts'
import type { Changes } from './changes.ts'

/** Somebody of this process who is told of what happens in an organization, such as a stream of events. */
export interface Follower {
  actor: Actor
  stands: Standing
  /** Told one thing after another; whatever is not for this actor is theirs to leave out. */
  tell(changes: Changes, actor: Actor): Promise<void>
  /** Called when the log-in has ended, or the program ends. */
  end(): void
}

export class Followers {
  #all = new Map<Follower, Promise<void>>()
  #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  /** Returns what ends it. */
  add(follower: Follower): () => void {
    this.#all.set(follower, Promise.resolve())
    return () => void this.#all.delete(follower)
  }

  tell = ({ appointments, slots }: Changes): void => {
    for (const [follower, told] of this.#all) {
      const isOurs = (change: { organization_id: string }) =>
        change.organization_id === follower.actor.organization_id
      const changes = { appointments: appointments.filter(isOurs), slots: slots.filter(isOurs) }
      if (changes.appointments.length + changes.slots.length === 0) continue
      const next = told
        .then(() => follower.tell(changes, follower.actor))
        .catch((error: unknown) => this.#log.warn({ err: error }, 'somebody could not be told what happened'))
      this.#all.set(follower, next)
    }
  }

  /** Ends those whose log-in has ended; what the others may is what they may by now. */
  async checkAgain(now: () => Temporal.Instant): Promise<void> {
    for (const follower of this.#all.keys()) {
      const actor = await follower.stands(now())
      if (actor) follower.actor = actor
      else this.#end(follower)
    }
  }

  endAll(): void {
    for (const follower of this.#all.keys()) this.#end(follower)
  }

  #end(follower: Follower): void {
    this.#all.delete(follower)
    follower.end()
  }
}
