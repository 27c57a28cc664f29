/** The four services, typed by their OpenAPI documents, called with the session's cookie.
 *
 *     const page = await ask(dispatch.GET('/inbox', { params: { query: { limit: 50 } } }))
 *
 * `ask` gives the body or throws `Failed` (problems.ts). What changes a thing names the version it saw: `ifMatch(thing)`. */
import createClient, { type Middleware } from 'openapi-fetch'
import type { components as DispatchParts, paths as Dispatch } from '../api/dispatch'
import type { components as IntakeParts, paths as Intake } from '../api/intake'
import type { components as RegistryParts, paths as Registry } from '../api/registry'
import type { components as SupervisionParts, paths as Supervision } from '../api/supervision'
import { spoken } from './i18n'
import { Failed, isProblem } from './problems'

export type WorkOrder = DispatchParts['schemas']['WorkOrderOut']
export type Light = DispatchParts['schemas']['Light']
export type Limit = DispatchParts['schemas']['LimitTold']
export type TrailEntry = DispatchParts['schemas']['TrailEntry']
export type Report = IntakeParts['schemas']['ReportOut']
export type Unit = RegistryParts['schemas']['UnitBrief']
export type Clock = SupervisionParts['schemas']['ClockOut']
export type Service = 'intake' | 'dispatch' | 'supervision' | 'registry'

type Ended = () => void
let onEnded: Ended = () => undefined
/** What to do when a service says that nobody is signed in (session.ts). */
export const whenSessionEnds = (act: Ended): void => void (onEnded = act)

let before: () => Promise<void> = async () => undefined
/** What every call waits for, but those about the session itself: a token that is not about to end. */
export const beforeCalls = (act: () => Promise<void>): void => void (before = act)

const everyCall: Middleware = {
  async onRequest({ request, schemaPath }) {
    if (!schemaPath.startsWith('/session')) await before()
    request.headers.set('accept-language', spoken())
    return request
  },
}

export const intake = createClient<Intake>({ baseUrl: '/intake' })
export const dispatch = createClient<Dispatch>({ baseUrl: '/dispatch' })
export const supervision = createClient<Supervision>({ baseUrl: '/supervision' })
export const registry = createClient<Registry>({ baseUrl: '/registry' })
for (const client of [intake, dispatch, supervision, registry]) client.use(everyCall)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of what was asked; throws `Failed`. */
export async function ask<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await asked
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Failed(0)
  }
  const { response } = answer
  if (response.ok) return answer.data as T
  if (response.status === 401 && !response.url.includes('/registry/session')) onEnded()
  throw new Failed(response.status, isProblem(answer.error) ? answer.error : null)
}

/** The headers of what changes `thing` as it was read. */
export const ifMatch = (thing: { version: number }): { 'If-Match': string } => ({ 'If-Match': `"${thing.version}"` })

/** A table sent to `address`. The answer as it came: it may be a file, also where rows were refused (SheetImport.vue). */
export async function sendTable(address: string, table: File): Promise<Response> {
  await before()
  const body = new FormData()
  body.set('file', table)
  try {
    return await fetch(address, { method: 'POST', body, headers: { 'accept-language': spoken() } })
  } catch {
    throw new Failed(0)
  }
}
