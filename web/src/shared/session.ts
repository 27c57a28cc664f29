/** Who is signed in. Two cookies that no script can read hold the token and the secret that renews it; this knows what the
 * server says about them. Shared by the pages that need an account.
 *
 * The token is short and renewed before a call that would find it ended, so whoever works never notices. When the session
 * itself has ended, `session.ended` asks for the password again above the page: nothing typed is lost. */
import { reactive, readonly } from 'vue'
import { ask, callsUse, registry } from './api'
import type { components } from '../api/registry'
import { store } from './keeping'
import { Failed } from './problems'

export type Who = components['schemas']['SessionOut']
export type Post = components['schemas']['SessionPost']

const RENEW_BEFORE = 60_000
const KEPT = 'who'

const state = reactive<{ who: Who | null; asked: boolean; ended: boolean }>({ who: null, asked: false, ended: false })
export const session = readonly(state) as Readonly<typeof state>

/** The post that the person acts in; null for the whole platform's administrator. */
export const post = (): Post | null => state.who?.posts.find(({ id }) => id === state.who?.post) ?? null
export const role = (): string | null => state.who?.role ?? null
/** Whether the person acts as the safety manager of one premises (`post().premises`), and sees nothing else. */
export const ofPlace = (): boolean => role() === 'safety_manager'

/** How long a session stays depends on where it was opened. */
const device = (): components['schemas']['Device'] =>
  location.pathname.startsWith('/app/phone') ? 'phone' : location.pathname.startsWith('/app/board') ? 'board' : 'desk'

function known(who: Who | null): void {
  state.who = who
  state.asked = true
  state.ended = false
  if (who) store(KEPT, JSON.stringify(who))
}

const kept = (): Who | null => JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Who | null

/** Take who it was for who it is, until the server has said: a page shows something before it was asked. */
export function remembered(): Who | null {
  const who = kept()
  if (!who || who.must_change) return null
  known(who)
  return who
}

/** Ask the server who is signed in; without a network, who it was (the phone works on). */
export async function whoAmI(): Promise<Who | null> {
  try {
    known(await ask(registry.GET('/session')))
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    if (error.offline) known(kept())
    else if (error.status !== 401) throw error
    else if (!(await renewed())) known(null)
  }
  return state.who
}

export const signIn = async (user: string, password: string): Promise<void> =>
  known(await ask(registry.POST('/session', { body: { user, password, device: device() } })))
export const signInByLink = async (code: string): Promise<void> =>
  known(await ask(registry.POST('/session/link', { body: { code, device: device() } })))
export const choosePost = async (id: string): Promise<void> => known(await ask(registry.PUT('/session/post', { body: { post: id } })))

/** The other sessions of the person end; this one goes on. */
export const changePassword = async (old: string | null, chosen: string): Promise<void> =>
  known(await ask(registry.PUT('/session/password', { body: { old, new: chosen } })))

export async function signOut(): Promise<void> {
  await ask(registry.DELETE('/session'))
  localStorage.removeItem(KEPT)
  known(null)
}

let renewing: Promise<boolean> | null = null
let renewedAt = 0

/** Whether there is a fresh token now. Any number of calls at once ask one time; none asks once the session has ended. */
async function renewed(): Promise<boolean> {
  if (state.ended) return false
  renewing ??= ask(registry.POST('/session/renewal'))
    .then(known)
    .then(() => true)
    .catch((error: unknown) => {
      if (error instanceof Failed && error.status === 401 && state.who) state.ended = true
      return false
    })
    .finally(() => {
      renewing = null
      renewedAt = Date.now()
    })
  return renewing
}

/** By this device's clock. One that is fast would have it renewed before each call. */
const aboutToEnd = (): boolean => {
  const ends = state.who?.expires_at
  return !!ends && Date.parse(ends) - Date.now() < RENEW_BEFORE && Date.now() - renewedAt > RENEW_BEFORE
}

export function keepSession(): void {
  callsUse({
    renewed,
    over: () => {
      if (state.who) state.ended = true
    },
    ready: async () => {
      if (aboutToEnd()) await renewed()
    },
  })
}
