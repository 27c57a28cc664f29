/** Which page whoever comes may see: without a session the sign-in page, and from there to where they wanted to go. Whoever
 * must choose a password does so there first: until then the server lets them act in no post. Who was here before sees the
 * page at once, while the server is asked whether they still are. */
import { watch } from 'vue'
import type { RouteLocationNormalized, Router } from 'vue-router'
import './coming.css'
import { keepSession, remembered, session, whoAmI } from './session'

/** The page's own part of the program, asked for while the server is asked who this is. */
function fetchParts({ matched, redirectedFrom }: RouteLocationNormalized): void {
  if (redirectedFrom) return // which page it will be depends on who this is
  for (const { components } of matched)
    for (const part of Object.values(components ?? {}) as unknown[]) if (typeof part === 'function') (part as () => Promise<unknown>)().catch(() => undefined)
}

export function guard(router: Router): void {
  keepSession()
  // Somebody else signed in where a session had ended: nothing of the page is theirs.
  watch(() => session.who?.account, (now, before) => now && before && now !== before && location.reload())
  const signIn = (to: RouteLocationNormalized) => ({ name: 'sign-in', query: to.path === '/' ? {} : { to: to.fullPath } })
  router.beforeEach(async (to) => {
    if (to.name === 'sign-in') return true
    if (!session.asked) fetchParts(to)
    if (!session.asked && remembered()) {
      void whoAmI().catch(() => undefined).then(() => {
        if (!session.who) void router.replace(signIn(to))
      })
    } else if (!session.asked) {
      try {
        await whoAmI()
      } catch {
        // The server is in trouble: the page itself says so, with a button to try again.
        return true
      }
    }
    return session.who && !session.who.must_change ? true : signIn(to)
  })
}
