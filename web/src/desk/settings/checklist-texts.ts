import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '检查表', hint: '检查员在手机上按最新版本检查；修改先存为草稿，发布后生效，已做的检查保留当时的版本。', excel: '导出 Excel', template: '导入模板', make: '新建检查表', choose: '从左边的列表中选择一份检查表', empty: '还没有检查表。点“新建检查表”，或用模板导入。',
    name: '名称', nameEn: '英文名称', inspectors: '检查人', places: '适用场所', all: '所有场所', newest: '版本', none: '未发布', drafted: '有草稿', edition: '版次', source: '依据', code: '代码', codeHint: '小写字母、数字和下划线，建立后不变', area: '适用区域', areaHint: '留空为全部区域；建立后不变', everywhere: '全部区域', areas: '也可用于没有场所的街面',
    version: (n: number) => `第 ${n} 版`, draft: '草稿', edit: '修改', save: '保存草稿', publish: '发布为新版本', confirm: (n: number) => `发布后，检查员从现在起按第 ${n} 版检查；发布的版本不能再改。`, publishNow: '确认发布', saved: '草稿已保存，发布后生效', published: '已发布', reread: '显示最新内容',
    questions: '检查内容', no: '题号', group: '分组', text: '内容', item: '项目', good: '合格', bad: '不合格', inWords: '用文字作答', add: '添加一题', remove: (no: string) => `删除第 ${no} 题`, up: (no: string) => `第 ${no} 题上移`, management: '管理', why: '修改原因（选填）', trail: '留痕',
  },
  {
    title: 'Checklists', hint: 'Inspectors use the newest version on their phones. A change is a draft until it is published; past inspections keep their version.', excel: 'Excel', template: 'Template', make: 'New checklist', choose: 'Choose a checklist from the list', empty: 'No checklists yet. Make one, or import the template.',
    name: 'Name', nameEn: 'Name in English', inspectors: 'Inspectors', places: 'Premises', all: 'All premises', newest: 'Version', none: 'Not published', drafted: 'Draft', edition: 'Edition', source: 'Source', code: 'Code', codeHint: 'Small letters, digits and _; it stays', area: 'Area', areaHint: 'Empty for everywhere; it stays', everywhere: 'Everywhere', areas: 'Also where there are no premises',
    version: (n: number) => `Version ${n}`, draft: 'Draft', edit: 'Change', save: 'Save the draft', publish: 'Publish it', confirm: (n: number) => `Inspectors will use version ${n} from now on; a published version does not change.`, publishNow: 'Publish', saved: 'The draft is saved; it holds once it is published', published: 'Published', reread: 'Show it as it is now',
    questions: 'Questions', no: 'No.', group: 'Group', text: 'Question', item: 'Item', good: 'Passes', bad: 'Fails', inWords: 'Answered in words', add: 'Add a question', remove: (no: string) => `Remove question ${no}`, up: (no: string) => `Move question ${no} up`, management: 'Management', why: 'Why (optional)', trail: 'Trail',
  },
)
export const inspectorWords = texts(
  { unit: '单位自查', street: '街道、社区、网格', police: '派出所' },
  { unit: 'The place itself', street: 'Street, community, grid', police: 'Police station' },
)
export const checklistVerbs = texts({ draft: '修改草稿', publish: '发布' }, { draft: 'Drafted', publish: 'Published' })
