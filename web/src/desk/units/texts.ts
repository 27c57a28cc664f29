import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '单位', find: '名称、别名或拼音首字母', search: '查询', results: '查询结果', tree: '单位树', name: '名称', kind: '类型', code: '编码', aliases: '别名',
    nothing: '没有找到符合的单位。可以输入名称的一部分、别名（如“泉塘村”）或拼音首字母（如“qt”）。', none: '这里是市、区县、街道、社区、网格和部门。还没有登记单位：请管理员用导入模板导入。',
    open: (name: string) => `展开${name}`, fold: (name: string) => `收起${name}`,
    parent: '上级单位', households: '户数', residents: '人数', functions: '职能', serves: '服务区域', valid: '有效期', since: (from: string) => `${from} 起`, span: (from: string, to: string) => `${from} 至 ${to}`,
    edit: '修改别名和户数人数', aliasHint: '别名（每行一个）', why: '修改原因（选填）', save: '保存', reread: '显示最新内容', saved: '已保存',
    posts: '任职', noPosts: '这个单位目前没有人任职。', person: '人员', from: '起', more: '还有更多，请到 Excel 查看', coverage: '缺岗', covered: '下级单位的岗位都有人。',
    lacking: (kind: string, roles: string, lacking: number, all: number) => `${kind}缺${roles}：${lacking} 个（共 ${all} 个）`, onDuty: '在岗', until: (at: string) => `至 ${at}`, standsIn: (who: string) => ` 代为负责：${who}`, nobody: '现在没有人在岗，也没有可以代为负责的人。', keyPremises: '消防安全重点单位', map: '边界', trail: '留痕', noMap: '没有登记边界', drawBoundary: '修改边界',
  },
  {
    title: 'Units', find: 'Name, alias or pinyin initials', search: 'Search', results: 'Found', tree: 'Tree of units', name: 'Name', kind: 'Kind', code: 'Code', aliases: 'Also called',
    nothing: 'No unit fits. Type a part of its name, another name of it, or its pinyin initials (such as “qt”).', none: 'Here are the city, districts, streets, communities, grids and departments. None is registered yet: an administrator imports them with the template.',
    open: (name: string) => `Unfold ${name}`, fold: (name: string) => `Fold ${name}`,
    parent: 'Under', households: 'Households', residents: 'Residents', functions: 'Functions', serves: 'Serves', valid: 'Valid', since: (from: string) => `from ${from}`, span: (from: string, to: string) => `${from} to ${to}`,
    edit: 'Change names and counts', aliasHint: 'Also called (one a line)', why: 'Why (optional)', save: 'Save', reread: 'Show it as it is now', saved: 'Saved',
    posts: 'Posts', noPosts: 'Nobody holds a post here now.', person: 'Person', from: 'From', more: 'There are more: see the Excel table', coverage: 'Unfilled posts', covered: 'Every post below is filled.',
    lacking: (kind: string, roles: string, lacking: number, all: number) => `${kind} without ${roles}: ${lacking} of ${all}`, onDuty: 'On duty', until: (at: string) => `until ${at}`, standsIn: (who: string) => ` stands in: ${who}`, nobody: 'Nobody is on duty now, and nobody could stand in.', keyPremises: 'Key premises', map: 'Boundary', trail: 'Trail', noMap: 'No boundary is registered', drawBoundary: 'Draw the boundary anew',
  },
)

export const kindWords = texts(
  {
    city: '市', district: '区县', street: '街道', zone: '管区', community: '社区', grid: '网格', micro_grid: '微网格', special_grid: '专属网格', building: '楼栋', doorway: '单元', department: '部门',
  },
  {
    city: 'City', district: 'District', street: 'Street', zone: 'Zone', community: 'Community', grid: 'Grid', micro_grid: 'Micro-grid', special_grid: 'Special grid', building: 'Building', doorway: 'Doorway', department: 'Department',
  },
)

export const unitVerbs = texts({ register: '登记', change: '修改' }, { register: 'Registered', change: 'Changed' })

export const dutyWords = texts(
  { shift: '值班中', no_plan: '在岗（未排班）', leave: '请假', off_shift: '不在值班时间' },
  { shift: 'on shift', no_plan: 'on duty (no shifts planned)', leave: 'on leave', off_shift: 'off shift' },
)
export const nobodyWords = texts(
  { no_post: '本单位没有人任此岗位，由 ', leave: '本单位人员都在请假，由 ', off_shift: '本单位现在无人值班，由 ' },
  { no_post: 'Nobody holds the post here; ', leave: 'Everybody here is on leave; ', off_shift: 'Nobody here is on shift now; ' },
)
