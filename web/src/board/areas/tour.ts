/** The idle tour: while nobody touches the board, one place after the other, and home between two rounds. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue'

const IDLE = 60_000
const STAY = 15_000
const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const

/** `stops` are asked for at every step, so that the round follows what is open now; null is home. */
export function tour(stops: () => readonly (string | null)[], go: (stop: string | null) => void): Readonly<Ref<boolean>> {
  const touring = ref(false)
  let timer: ReturnType<typeof setTimeout>
  let last: string | null = null

  function step(): void {
    const round = stops()
    if (touring.value && round.length < 2) go(null) // nothing is open any more where it stands
    touring.value = round.length > 1
    last = round[(round.indexOf(last) + 1) % Math.max(round.length, 1)] ?? null
    if (touring.value) go(last)
    timer = setTimeout(step, STAY)
  }
  function touched(): void {
    touring.value = false
    clearTimeout(timer)
    timer = setTimeout(step, IDLE)
  }
  touched()
  for (const kind of TOUCHES) addEventListener(kind, touched, { passive: true })
  onScopeDispose(() => {
    clearTimeout(timer)
    for (const kind of TOUCHES) removeEventListener(kind, touched)
  })
  return readonly(touring)
}
