import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '网格地图', back: '返回', list: '工单列表', noMap: '还没有边界。管理员在“单位”里画好社区、网格的边界后，这里显示地图。', loading: '正在载入地图',
    free: '无未结', open: '有未结', late: '有超时', load: (open: number, overdue: number) => `未结 ${open} · 超时 ${overdue}`,
    tour: '自动巡览中，点击地图停止', map: (name: string) => `${name}地图`, legend: '图例', choose: '查看',
  },
  {
    title: 'Map of grids', back: 'Back', list: 'Work orders', noMap: 'No boundaries yet. Once an administrator has drawn those of communities and grids, the map is here.', loading: 'Loading the map',
    free: 'none open', open: 'open', late: 'overdue', load: (open: number, overdue: number) => `${open} open · ${overdue} overdue`,
    tour: 'Touring; click to stop', map: (name: string) => `Map of ${name}`, legend: 'Legend', choose: 'Look at',
  },
)
