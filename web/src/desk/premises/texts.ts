import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '台账', everything: '全部场所', dueSoon: '一个月内到期', keyUnits: '重点单位', overdue: '已超期', filters: '筛选', text: '名称、拼音首字母、地址、档案号', category: '类别', use: '状态', area: '所在单位（含下级）', due: '到期', asOf: '查看某天的情况',
    tables: '灭火器、设施、证书表', extinguishers: '灭火器', facilities: '消防设施', certificates: '重点工种人员', enter: '新建档案', number: '档案号', name: '名称', unit: '所在网格', address: '地址', nextDue: '最近到期', key: '重点',
    empty: '这里是辖区内场所的消防档案，一户一档。还没有符合条件的场所：可以新建档案，或下载导入模板批量导入。', emptyThen: '这一天还没有符合条件的场所档案。',
    past: (day: string) => `这是 ${day} 当天结束时的情况，只能查看。`, now: '回到现在', change: '修改', entering: '新建档案', save: '保存', saved: '已保存', optional: '（选填）', why: '修改原因',
    smallKind: '九小类型', creditCode: '统一社会信用代码', purpose: '使用性质', floorArea: '面积（m²）', floorsAbove: '地上层数', floorsBelow: '地下层数', people: '最多人数', opens: '开始营业', closes: '结束营业',
    responsible: '法定代表人', responsiblePhone: '法定代表人电话', manager: '消防安全管理人', managerPhone: '消防安全管理人电话', longitude: '经度', latitude: '纬度', place: '点击地图或拖动图钉定位', hours: '营业时间', floors: (above: string, below: string) => `地上 ${above} 层，地下 ${below} 层`,
    hints: '重点单位和九小场所怎么界定', whose: '参照哪里的标准', hintNote: '各地标准不同，仅供参考；重点单位由消防救援机构确定（消防法第 17 条）。',
    basic: '消防安全基本情况', management: '消防安全管理情况', whatIsDue: '到期提醒', nothingDue: '没有到期事项', add: '登记', inLedger: '到台账登记', open: '查看', end: '作废', struckOut: (day: string) => `${day} 作废`, showEnded: '显示已作废的条目', none: '暂无记录', due_on: '到期日', act: '操作',
    workbook: '导出本档案', print: '打印', printed: (number: string) => `消防安全档案 ${number}`, trail: '留痕', map: '位置图', isKey: '消防安全重点单位', all: '查看全部', withFindings: (n: number) => `发现隐患 ${n} 条`, nothingFound: '未发现问题',
  },
  {
    title: 'Ledger', everything: 'All premises', dueSoon: 'Due within a month', keyUnits: 'Key units', overdue: 'Overdue', filters: 'Filters', text: 'Name, pinyin initials, address, number', category: 'Kind', use: 'Use', area: 'Unit and below', due: 'Due', asOf: 'As it was on a day',
    tables: 'Extinguishers, facilities, certificates', extinguishers: 'Extinguishers', facilities: 'Facilities', certificates: 'Certificates', enter: 'New file', number: 'Number', name: 'Name', unit: 'Grid', address: 'Address', nextDue: 'First due', key: 'Key',
    empty: 'Here are the fire-safety files of the premises in your area, one each. None fits: make a new file, or fill in the template and import it.', emptyThen: 'There were no such files on that day.',
    past: (day: string) => `So it stood when ${day} ended; to be read only.`, now: 'Back to now', change: 'Change', entering: 'New file', save: 'Save', saved: 'Saved', optional: ' (optional)', why: 'Why',
    smallKind: 'Kind of small place', creditCode: 'Social credit code', purpose: 'Purpose', floorArea: 'Area (m²)', floorsAbove: 'Floors above ground', floorsBelow: 'Floors below ground', people: 'Most people', opens: 'Opens', closes: 'Closes',
    responsible: 'Responsible person', responsiblePhone: 'Phone of the responsible person', manager: 'Safety manager', managerPhone: 'Phone of the safety manager', longitude: 'Longitude', latitude: 'Latitude', place: 'Click on the map or drag the pin', hours: 'Hours', floors: (above: string, below: string) => `${above} above, ${below} below ground`,
    hints: 'What counts as a key unit or a small place', whose: 'Whose rules', hintNote: 'Areas differ; these are hints. Key units are listed by the fire brigade (消防法 art. 17).',
    basic: 'Basic', management: 'Management', whatIsDue: 'What is due', nothingDue: 'Nothing is due', add: 'Add', inLedger: 'Enter it in its ledger', open: 'Open', end: 'End', struckOut: (day: string) => `ended ${day}`, showEnded: 'Show what has ended', none: 'Nothing yet', due_on: 'Due', act: 'Actions',
    workbook: 'This file as Excel', print: 'Print', printed: (number: string) => `Fire-safety file ${number}`, trail: 'Trail', map: 'Map', isKey: 'Key unit of fire safety', all: 'Show all', withFindings: (n: number) => `${n} hazards found`, nothingFound: 'Nothing found',
  },
)

export const verbs = texts({ enter: '建档', state: '修改' }, { enter: 'Entered', state: 'Changed' })
