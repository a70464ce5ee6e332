import { type Answer, type Asking, type TestApp } from '../../../test/app.ts'
import { type Person, type Stage, visiting } from '../../../test/cast.ts'

/** Asks the general dialect; a path is one below its own base. */
export interface GeneralApi {
  ask(method: string, path: string, asking?: Asking): Promise<Answer>
  get(path: string, person?: Person): Promise<Answer>
  post(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
  patch(path: string, person: Person | undefined, body?: unknown): Promise<Answer>
}

/** As somebody of an organization, or as its visitor where nobody is named. */
export function generalApi(app: TestApp, { organization }: Stage): GeneralApi {
  const ask = (method: string, path: string, { headers, ...asking }: Asking = {}) =>
    app.request(method, `//general/api/v1${path}`, {
      headers: { ...visiting(organization), ...headers },
      ...asking,
    })
  return {
    ask,
    get: (path, person) => ask('GET', path, { token: person?.token }),
    post: (path, person, body) => ask('POST', path, { token: person?.token, body }),
    patch: (path, person, body) => ask('PATCH', path, { token: person?.token, body }),
  }
}
