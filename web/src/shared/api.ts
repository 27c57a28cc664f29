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

/** What a call needs of the session (session.ts): a token that is not about to end; and a fresh one, true where there is. */
interface Tokens {
  ready: () => Promise<void>
  renewed: () => Promise<boolean>
  /** A fresh one is refused, too: somebody must sign in again. */
  over: () => void
}
let tokens: Tokens | null = null
export const callsUse = (session: Tokens): void => void (tokens = session)

/** Where a session begins, or is asked for: there is no token yet, or it does not matter. */
const OPENING = new Set(['/registry/session', '/registry/session/link', '/registry/session/renewal'])

/** A call with the session's cookie. Whether the token has ended says the service and not this device's clock, which may be
 * wrong: then it is renewed, and the call made once more. */
async function called(request: Request): Promise<Response> {
  if (!tokens || OPENING.has(new URL(request.url).pathname)) return fetch(request)
  await tokens.ready()
  const again = request.clone()
  const answer = await fetch(request)
  if (answer.status !== 401 || !(await tokens.renewed())) return answer
  const second = await fetch(again)
  if (second.status === 401) tokens.over()
  return second
}

const everyCall: Middleware = {
  onRequest({ request }) {
    request.headers.set('accept-language', spoken())
    return request
  },
}

export const intake = createClient<Intake>({ baseUrl: '/intake', fetch: called })
export const dispatch = createClient<Dispatch>({ baseUrl: '/dispatch', fetch: called })
export const supervision = createClient<Supervision>({ baseUrl: '/supervision', fetch: called })
export const registry = createClient<Registry>({ baseUrl: '/registry', fetch: called })
for (const client of [intake, dispatch, supervision, registry]) client.use(everyCall)

/** What the service says of a missing token is for programs. */
const ENDED = { title_zh: '登录已过期，请重新登录后再试，内容已保留', title_en: 'your session has ended: sign in again, then try again; nothing is lost' }
const toldOf = (body: unknown) => (!isProblem(body) ? null : body.code === 'token_missing' ? { ...body, ...ENDED } : body)

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
  throw new Failed(response.status, toldOf(answer.error))
}

/** The headers of what changes `thing` as it was read. */
export const ifMatch = (thing: { version: number }): { 'If-Match': string } => ({ 'If-Match': `"${thing.version}"` })

/** The answer as it came, also where it is a refusal; throws `Failed` where none came. */
async function answered(url: string, how?: RequestInit): Promise<Response> {
  try {
    return await called(new Request(url, how))
  } catch {
    throw new Failed(0)
  }
}

/** A call of one's own: its answer where it is well, else `Failed`. */
export async function fetched(url: string, how?: RequestInit): Promise<Response> {
  const answer = await answered(url, how)
  if (answer.ok) return answer
  const body: unknown = await answer.json().catch(() => null)
  throw new Failed(answer.status, toldOf(body))
}

/** A table sent to `address`. The answer as it came: it may be a file, also where rows were refused (SheetImport.vue). */
export function sendTable(address: string, table: File): Promise<Response> {
  const body = new FormData()
  body.set('file', table)
  return answered(address, { method: 'POST', body, headers: { 'accept-language': spoken() } })
}
