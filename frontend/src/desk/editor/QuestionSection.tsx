import { useDeskTexts } from '../texts/useDeskTexts'
import { withTranslation } from './draft'
import { TextInLanguages } from './TextInLanguages'

export function QuestionSection() {
  const { editor: texts } = useDeskTexts()
  return (
    <section>
      <h2>{texts.question}</h2>
      <TextInLanguages
        label={texts.fields.title}
        pathOf={(tag) => (tag === undefined ? 'title' : `translations.${tag}.title`)}
        textOf={(draft, tag) => (tag === undefined ? draft.title : (draft.translations[tag]?.title ?? ''))}
        write={(draft, tag, title) =>
          tag === undefined ? { ...draft, title } : withTranslation(draft, tag, { title })
        }
      />
      <TextInLanguages
        label={texts.fields.description}
        rows={4}
        pathOf={(tag) => (tag === undefined ? 'description' : `translations.${tag}.description`)}
        textOf={(draft, tag) =>
          (tag === undefined ? draft.description : draft.translations[tag]?.description) ?? ''
        }
        write={(draft, tag, text) => {
          const description = text === '' ? null : text
          return tag === undefined ? { ...draft, description } : withTranslation(draft, tag, { description })
        }}
      />
    </section>
  )
}
