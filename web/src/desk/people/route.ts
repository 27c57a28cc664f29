import { page } from '../page'
import { t } from './texts'

export default page({
  path: 'people', order: 82, title: () => t.title, list: () => import('./List.vue'),
  roles: ['admin', 'leader', 'supervisor', 'dispatcher', 'intake_clerk', 'department_handler', 'police_liaison', 'grid_worker', 'auditor'],
})
