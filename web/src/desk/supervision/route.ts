import { ask, supervision } from '../../shared/api'
import { lightWords } from '../../shared/light'
import { page, type Queue } from '../page'
import { clockStateWords, t } from './texts'

const LIGHTS = ['red', 'yellow'] as const
const STATES = ['suspended', 'fulfilled'] as const

export default page({
  path: 'supervision',
  order: 40,
  title: () => t.title,
  roles: ['supervisor', 'leader', 'dispatcher', 'department_handler', 'police_liaison', 'auditor', 'admin'],
  firstOf: ['supervisor'],
  services: ['supervision'],
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async queues(): Promise<Queue[]> {
    const counts = await ask(supervision.GET('/clocks/counts'))
    return [
      { key: 'running', title: clockStateWords.running, query: {}, count: counts.by_state.running ?? 0, late: counts.by_light.red },
      ...LIGHTS.map((light) => ({ key: light, title: lightWords[light], query: { light }, count: counts.by_light[light] ?? 0 })),
      ...STATES.map((state) => ({ key: state, title: clockStateWords[state], query: { state }, count: counts.by_state[state] ?? 0 })),
      { key: 'all', title: t.all, query: { state: 'all' }, count: counts.total },
      { key: 'steps', title: t.steps, query: { tab: 'steps' } },
    ]
  },
})
