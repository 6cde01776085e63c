import type { budgets as english } from '../en/budgets'

export const budgets = (): ReturnType<typeof english> => ({
  budgets: {
    heading: 'الميزانيات',
    create: 'ميزانية جديدة',
    none: 'لا توجد ميزانية هنا بعد.',
    archived: 'عرض الميزانيات المؤرشفة أيضًا',
    changed: (time: string, by: string | null) =>
      by === null ? `عُدّلت في ${time}` : `عُدّلت في ${time} بواسطة ${by}`,
  },

  newBudget: {
    heading: 'ميزانية جديدة',
    from: 'البدء من',
    beginnings: {
      empty: { name: 'لا شيء', text: 'مسودة فارغة.' },
      template: { name: 'قالب', text: 'ميزانية حقيقية بأرقامها، لتعدّلها.' },
      file: { name: 'ملف', text: 'YAML أو JSON كما يُصدَّر هنا.' },
      copy: { name: 'نسخة', text: 'كل ما في ميزانية أخرى عدا إجاباتها.' },
    },
    title: 'السؤال',
    titleHint: 'مثلًا: كيف تنفق مدينتنا مالها؟',
    slug: 'العنوان',
    slugHint: (slug: string) => `ستكون الصفحة على ‎/b/${slug === '' ? '…' : slug}`,
    language: 'لغة نصوصها',
    currency: 'العملة',
    currencyHint: 'ثلاثة أحرف، مثل EUR.',
    drop: 'أفلت ملفًا هنا، أو',
    choose: 'اختر ملفًا',
    fileText: 'محتوى الملف',
    submit: 'إنشاء المسودة',
  },

  budget: {
    unknown: (slug: string) => `لا توجد ميزانية «${slug}» لحسابك`,
    toAll: 'إلى كل الميزانيات',
    untitled: 'ميزانية بلا عنوان',
    parts: 'صفحات هذه الميزانية',
    part: {
      overview: 'نظرة عامة',
      edit: 'تحرير',
      share: 'نشر',
      preview: 'معاينة',
      answers: 'الإجابات',
      statistics: 'الإحصاءات',
      people: 'الأشخاص',
      log: 'السجل',
    },
  },
})
