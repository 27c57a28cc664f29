/** Files of premises as the API tells them, and what more than one page needs of them. */
import type { components } from '../api/registry'
import type { Light } from './api'
import { said, texts } from './i18n'
import { role } from './session'
import { local, weekday } from './times'

type Parts = components['schemas']
export type Listed = Parts['ListedPremises']
export type Premises = Parts['PremisesOut']
export type Body = Parts['PremisesIn']
export type Entry = Parts['EntryOut']
export type Item = Parts['ItemOut']
export type Section = Parts['SectionOut']
export type Category = Premises['category']
export type Use = Premises['use']

/** Whether a list shows it for what is typed, in small letters: without a network as the service would. A list that a phone
 * kept before its last update may lack what was added since. */
export const fits = (one: Listed, typed: string): boolean =>
  [one.name, one.address, one.number, one.initials as string | undefined].some((text) => text?.toLowerCase().includes(typed))

/** A local day some days from now, as YYYY-MM-DD. */
export const dayFromNow = (days: number): string => new Date((local(new Date()).serial + days) * 86_400_000).toISOString().slice(0, 10)
const SOON = 31

/** Past its day: overdue; within a month: due soon. */
export const lightOf = (due: string | null | undefined): Light => (!due ? 'none' : due < dayFromNow(0) ? 'red' : due < dayFromNow(SOON) ? 'yellow' : 'green')
export const SOON_DAY = (): string => dayFromNow(SOON)

/** Who enters and changes files; the API says of each whether it lies in the caller's part of the tree. */
const KEEPERS = ['grid_worker', 'department_handler', 'leader', 'admin']
export const keeps = (): boolean => KEEPERS.includes(role() ?? '')

export const categoryWords = texts(
  {
    crowded: '人员密集场所', flammable: '易燃易爆场所', high_rise: '高层建筑', underground: '地下建筑', key: '消防安全重点单位', shop: '沿街门店', family_workshop: '家庭作坊（三合一）', small_place: '九小场所', residential: '居民小区、家庭', other: '其他',
  },
  {
    crowded: 'Crowded place', flammable: 'Flammables', high_rise: 'High-rise', underground: 'Underground', key: 'Key unit', shop: 'Shop', family_workshop: 'Family workshop', small_place: 'Small place', residential: 'Homes', other: 'Other',
  },
)

/** "09:00–21:00，周一休息"; nothing where it is not known. */
export const hoursText = ({ opens, closes, closed_on }: Pick<Premises, 'opens' | 'closes' | 'closed_on'>): string => {
  const closed = closed_on.map(weekday).join(said('、', ', '))
  return [opens && `${opens}–${closes}`, closed && said(`${closed}休息`, `closed ${closed}`)].filter(Boolean).join(said('，', ', '))
}

export const useWords = texts({ open: '在用', suspended: '停业', closed: '注销' }, { open: 'Open', suspended: 'Suspended', closed: 'Closed' })
