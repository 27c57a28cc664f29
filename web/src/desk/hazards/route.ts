import { ask, registry } from '../../shared/api'
import { hazardStates, OPEN } from '../../shared/hazards'
import { role } from '../../shared/session'
import { page, type Queue } from '../page'
import { t } from './texts'

/** What was transferred to the police they re-check weekly. */
const BY_POLICE = [...OPEN].sort((one, other) => Number(other === 'transferred') - Number(one === 'transferred'))

export default page({
  path: 'hazards',
  order: 64,
  title: () => t.title,
  ofPlaces: true,
  firstOf: ['police_liaison'],
  services: ['registry'],
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async queues() {
    const [open, asked, all] = await Promise.all([
      ask(registry.GET('/hazards/counts', { params: { query: { open: true } } })),
      ask(registry.GET('/hazards/counts', { params: { query: { asked: true } } })),
      ask(registry.GET('/hazards/counts')),
    ])
    const queues: Queue[] = [
      { key: 'open', title: t.open, query: {}, count: open.total, late: open.by_light.red },
      ...(role() === 'police_liaison' ? BY_POLICE : OPEN).map((state) => ({ key: state, title: hazardStates[state], query: { state }, count: open.by_state[state] ?? 0 })),
      { key: 'major', title: t.major, query: { grade: 'major' }, count: open.by_grade.major ?? 0 },
      { key: 'asked', title: t.asked, query: { asked: 'yes' }, count: asked.total },
      { key: 'closed', title: t.closed, query: { closed: 'yes' }, count: all.total - open.total },
    ]
    return queues
  },
  async find(number) {
    const { items } = await ask(registry.GET('/hazards', { params: { query: { q: number } } }))
    return items.map((one) => ({ path: `/hazards/${one.id}`, number: one.number, title: one.text }))
  },
})
