import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '排名', departments: '部门', open: '未结', overdue: '超时', today: '今日结案', rate: '近七日按时率', into: (name: string) => `查看${name}的下级`,
    empty: '还没有工单。立案后，这里按超时、未结从多到少排列各下级单位和部门。', none: '这里没有工单。', loading: '正在载入', unknown: '暂无',
  },
  {
    title: 'Ranking', departments: 'Departments', open: 'Open', overdue: 'Overdue', today: 'Closed today', rate: 'In time, 7 days', into: (name: string) => `Look into ${name}`,
    empty: 'No work orders yet. Once there are, the units below and departments stand here, the most overdue first.', none: 'No work orders here.', loading: 'Loading', unknown: 'none',
  },
)

/** What lies below, as the head of its column. */
export const kinds = texts(
  { city: '市', district: '区县', street: '街道', zone: '管区', community: '社区', grid: '网格', micro_grid: '微网格', special_grid: '专属网格', building: '楼栋', doorway: '单元' },
  {
    city: 'Cities', district: 'Districts', street: 'Streets', zone: 'Zones', community: 'Communities', grid: 'Grids', micro_grid: 'Micro-grids', special_grid: 'Special grids',
    building: 'Buildings', doorway: 'Doorways',
  },
)
