import { clinic } from '../../presets/clinic.ts'
import { general } from '../../presets/general.ts'
import { office } from '../../presets/office.ts'
import type { Preset } from '../../presets/preset.ts'
import { school } from '../../presets/school.ts'
import { veterinary } from '../../presets/veterinary.ts'

/** The trades that an organization can be made for. A further one is a further file, and a line here. */
export const trades: Record<string, Preset> = Object.fromEntries(
  [school, office, clinic, veterinary, general].map((preset) => [preset.trade, preset]),
)
