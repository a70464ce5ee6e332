import { cancelUnconfirmed } from './cancel-unconfirmed.ts'
import { cleanUpSlots } from './clean-up-slots.ts'
import { completePast } from './complete-past.ts'
import { acceptsSlots, generateSlots } from './generate-slots.ts'
import type { Job } from './job.ts'
import { markNoShows } from './mark-no-shows.ts'
import { cleanUpNotifications, remind, remindToComeAgain, summariseDay } from './messages.ts'
import { sweep } from './sweep.ts'

const EACH_MINUTE = '* * * * *'
const EACH_HOUR = '0 * * * *'
const AT_MIDNIGHT = '0 0 * * *'
const SUNDAYS_AT_MIDNIGHT = '0 0 * * 0'
const AT_ONE = '0 1 * * *'
const AT_TWO = '0 2 * * *'
const AT_SIX = '0 6 * * *'
const AT_NINE = '0 9 * * *'
const SUNDAYS_AT_THREE = '0 3 * * 0'

/** Everything that happens without anyone asking, for each organization, at the times of its own wall clock. */
export const clockwork: Job[] = [
  {
    name: 'remind',
    does: 'Reminds those concerned of what is ahead.',
    every: ({ reminders }) => (reminders.length > 0 ? EACH_MINUTE : null),
    run: remind,
  },
  {
    name: 'mark-no-shows',
    does: 'Marks who did not come, so many minutes after the start.',
    every: ({ no_show_after_minutes }) => (no_show_after_minutes === null ? null : EACH_MINUTE),
    run: markNoShows,
  },
  {
    name: 'cancel-unconfirmed',
    does: 'Cancels what nobody confirmed, so many minutes before the start.',
    every: ({ cancel_unconfirmed_minutes_before: minutes }) => (minutes === null ? null : EACH_MINUTE),
    run: cancelUnconfirmed,
  },
  {
    name: 'complete-past',
    does: 'Closes appointments whose time has passed and that nobody closed.',
    every: ({ after_the_end }) => (after_the_end === 'leave' ? null : AT_ONE),
    run: completePast,
  },
  {
    name: 'clean-up-slots',
    does: 'Takes back published slots that passed and that nobody booked.',
    every: ({ unbooked_slots_kept_days, unbooked_slots_cleaned }) => {
      if (unbooked_slots_kept_days === null) return null
      return unbooked_slots_cleaned === 'weekly' ? SUNDAYS_AT_MIDNIGHT : AT_MIDNIGHT
    },
    run: cleanUpSlots,
  },
  {
    name: 'generate-slots',
    does: 'Publishes the slots of the next four weeks, from the week that a provider keeps.',
    every: SUNDAYS_AT_THREE,
    accepts: acceptsSlots,
    run: generateSlots,
  },
  {
    name: 'daily-summaries',
    does: 'Sends each provider the appointments of the day.',
    every: ({ messages }) => (messages.some(({ kind }) => kind === 'summary') ? AT_SIX : null),
    run: summariseDay,
  },
  {
    name: 'follow-ups',
    does: 'Tells those who should come again that it is time.',
    every: ({ messages }) => (messages.some(({ kind }) => kind === 'follow_up') ? AT_NINE : null),
    run: remindToComeAgain,
  },
  {
    name: 'clean-up-notifications',
    does: 'Removes old messages and their records.',
    every: ({ notifications_kept_days }) => (notifications_kept_days === null ? null : AT_TWO),
    run: cleanUpNotifications,
  },
  {
    name: 'sweep',
    does: 'Removes what is of no use any more: expired holds, old events, spent tokens, ended runs.',
    every: EACH_HOUR,
    run: sweep,
  },
]
