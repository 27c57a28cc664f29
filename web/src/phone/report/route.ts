import { page } from '../page'
import { t } from './texts'

/** Who sends reports (services/intake/reports/lifecycle.py). */
const SENDERS = ['resident', 'grid_worker', 'intake_clerk', 'dispatcher', 'admin']

export default page({
  path: 'report',
  title: () => t.title,
  tab: { order: 10, icon: 'M12 5v14M5 12h14' },
  of: (role) => role === null || SENDERS.includes(role),
  list: () => import('./List.vue'),
})
