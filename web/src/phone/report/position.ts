/** Where this phone is (WGS-84), asked once and in the background; a report never waits for it. */
import { shallowReactive } from 'vue'

export interface Position {
  at: [number, number] | null
  /** Metres. */
  accuracy: number | null
  state: 'asking' | 'known' | 'refused' | 'unknown'
  ask: () => void
}

const PATIENCE = 15_000
const FRESH = 60_000

export function position(found: (at: [number, number], accuracy: number) => void): Position {
  const here: Position = shallowReactive({ at: null, accuracy: null, state: 'unknown', ask })
  function ask(): void {
    if (!('geolocation' in navigator)) return
    here.state = 'asking'
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        Object.assign(here, { at: [coords.latitude, coords.longitude], accuracy: coords.accuracy, state: 'known' })
        found([coords.latitude, coords.longitude], coords.accuracy)
      },
      ({ code }) => (here.state = code === 1 ? 'refused' : 'unknown'),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: FRESH },
    )
  }
  ask()
  return here
}
