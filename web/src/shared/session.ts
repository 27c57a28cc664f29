/** Who is signed in. The cookie holds the token and no script can read it; this knows what the server says about it.
 *
 * Shared by the pages that need an account. The session renews itself silently; when it has ended anyway, `session.ended`
 * asks for the password again above the page, so that nothing typed is lost. */
import { reactive, readonly } from 'vue'
import { Failed, isProblem } from './problems'
import { spoken } from './i18n'
import { whenSessionEnds } from './api'

export interface Post {
  id: string
  role: string
  role_zh: string
  unit: { id: string; code: string; name: string } | null
}

export interface Who {
  account: string
  name: string
  post: string | null
  posts: Post[]
  expires_at: string
}

const RENEW_BEFORE = 5 * 60_000
const LOOK_EVERY = 60_000
const KEPT = 'who'

const state = reactive<{ who: Who | null; asked: boolean; ended: boolean }>({ who: null, asked: false, ended: false })
export const session = readonly(state)

/** The post that the person acts in. */
export const post = (): Post | null => state.who?.posts.find(({ id }) => id === state.who?.post) ?? null
export const role = (): string | null => post()?.role ?? null

async function call(method: string, path = '', body?: object): Promise<Who | null> {
  const headers: Record<string, string> = { 'accept-language': spoken() }
  if (body) headers['content-type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(`/registry/session${path}`, { method, headers, body: body ? JSON.stringify(body) : null })
  } catch {
    throw new Failed(0)
  }
  const text = await response.text()
  const answer: unknown = text.startsWith('{') ? JSON.parse(text) : null
  if (!response.ok) throw new Failed(response.status, isProblem(answer) ? answer : null)
  return answer as Who | null
}

function known(who: Who | null): void {
  state.who = who
  state.asked = true
  state.ended = false
  if (who) localStorage.setItem(KEPT, JSON.stringify(who))
}

/** Ask the server who is signed in; without a network, who it was (the phone works on). */
export async function whoAmI(): Promise<Who | null> {
  try {
    known(await call('GET'))
  } catch (error) {
    if (error instanceof Failed && error.status === 401) known(null)
    else if (error instanceof Failed && error.offline) known(JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Who | null)
    else throw error
  }
  return state.who
}

export const signIn = async (user: string, password: string): Promise<void> => known(await call('POST', '', { user, password }))
export const signInByLink = async (code: string): Promise<void> => known(await call('POST', '/link', { code }))
export const choosePost = async (id: string): Promise<void> => known(await call('PUT', '/post', { post: id }))

export async function signOut(): Promise<void> {
  await call('DELETE')
  localStorage.removeItem(KEPT)
  known(null)
}

async function renewWhenDue(): Promise<void> {
  if (!state.who || document.visibilityState === 'hidden') return
  if (Date.parse(state.who.expires_at) - Date.now() > RENEW_BEFORE) return
  try {
    known(await call('POST', '/renewal'))
  } catch (error) {
    if (error instanceof Failed && error.status === 401) state.ended = true
  }
}

export function keepSession(): void {
  whenSessionEnds(() => {
    if (state.who) state.ended = true
  })
  setInterval(() => void renewWhenDue(), LOOK_EVERY)
  document.addEventListener('visibilitychange', () => void renewWhenDue())
}
