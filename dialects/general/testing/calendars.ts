import assert from 'node:assert/strict'
import ICAL from 'ical.js'

/** The events of a calendar, and that there is nothing else in it. */
export function eventsIn(text: string): ICAL.Component[] {
  const components = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents()
  for (const { name } of components) assert.equal(name, 'vevent')
  return components
}

export const valueOf = (event: ICAL.Component, property: string) =>
  event.getFirstPropertyValue(property)?.toString()
export const summaryOf = (event: ICAL.Component) => valueOf(event, 'summary') ?? ''
export const addressesIn = (event: ICAL.Component, property: string) =>
  event.getAllProperties(property).map((one) => String(one.getFirstValue()).replace(/^mailto:/i, ''))
export const propertiesOf = (event: ICAL.Component) =>
  event
    .getAllProperties()
    .map(({ name }) => name)
    .toSorted()
