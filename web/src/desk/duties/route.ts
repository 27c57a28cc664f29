import { ask, registry } from '../../shared/api'
import { lightWords } from '../../shared/light'
import { ofPlace, post } from '../../shared/session'
import { page, type Queue } from '../page'
import { t } from './texts'

const LIGHTS = ['red', 'yellow'] as const

export default page({
  path: 'duties',
  order: 63,
  title: () => t.title,
  ofPlaces: true,
  services: ['registry'],
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async queues(): Promise<Queue[]> {
    const unit = ofPlace() ? undefined : post()?.unit?.code
    const [all, own, units] = await Promise.all([
      ask(registry.GET('/duties/counts')),
      unit ? ask(registry.GET('/duties/counts', { params: { query: { unit, bearer: 'unit' } } })) : null,
      ask(registry.GET('/duties/counts', { params: { query: { bearer: 'unit' } } })),
    ])
    return [
      { key: 'all', title: t.all, query: {}, count: all.total, late: all.by_light.red },
      ...(own?.total ? [{ key: 'own', title: t.own, query: { unit: unit!, bearer: 'unit' }, count: own.total, late: own.by_light.red }] : []),
      ...LIGHTS.map((light) => ({ key: light, title: lightWords[light], query: { light }, count: all.by_light[light] ?? 0 })),
      { key: 'unit', title: t.units, query: { bearer: 'unit' }, count: units.total, late: units.by_light.red },
      { key: 'premises', title: t.premises, query: { bearer: 'premises' }, count: all.total - units.total },
      { key: 'waivers', title: t.waivers, query: { state: 'waiver_asked' }, count: all.waivers },
      { key: 'calendar', title: t.calendar, query: { view: 'calendar' } },
    ]
  },
  async find(number) {
    const { items } = await ask(registry.GET('/duties', { params: { query: { number } } }))
    return items.map((one) => ({ path: `/duties/${one.id}`, number: one.number, title: one.name }))
  },
})
