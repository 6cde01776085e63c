import { Button } from '../../components/Button'
import { fromPercent, parseShare, toPercent } from '../../domain/share'
import { useFormat } from '../../texts/useTexts'
import { Tag } from '../components/Tag'
import { TextField } from '../components/TextField'
import { useDeskTexts } from '../texts/useDeskTexts'
import { contrasts, ENOUGH_CONTRAST, isColor } from './contrast'
import {
  slugOf,
  withCategory,
  withCategoryMoved,
  withCategoryRemoved,
  withCategoryTranslated,
  withKey,
  withKeyOfLabel,
  type DraftCategory,
} from './draft'
import { ParsedField } from './ParsedField'
import { TextInLanguages } from './TextInLanguages'
import { useEditor } from './useEditor'
import styles from './Editor.module.css'

export function CategoryCard({ category, index }: { category: DraftCategory; index: number }) {
  const { editor: texts } = useDeskTexts()
  const { draft, edit, isFrozen } = useEditor()
  const format = useFormat()
  const { key, label, color, actualPercent } = category
  const name = label === '' ? texts.unnamed : label
  const own = `categories.${index}`

  function move(by: number) {
    edit('order', (current) => withCategoryMoved(current, key, by))
    // The focus goes with the category, so that it can be moved on.
    requestAnimationFrame(() => {
      const button = document.querySelector<HTMLButtonElement>(
        `[data-category="${key}"] [data-move="${by < 0 ? 'up' : 'down'}"]`,
      )
      button?.focus()
    })
  }

  return (
    <div className={styles.card} role="group" aria-label={name} data-category={key}>
      <div className={styles.cardHead}>
        <svg className={styles.swatch} aria-hidden="true">
          <rect width="100%" height="100%" fill={isColor(color) ? color : 'none'} />
        </svg>
        <h3>{name}</h3>
        <Button
          disabled={isFrozen || index === 0}
          data-move="up"
          aria-label={texts.up(name)}
          onClick={() => {
            move(-1)
          }}
        >
          ↑
        </Button>
        <Button
          disabled={isFrozen || index === draft.categories.length - 1}
          data-move="down"
          aria-label={texts.down(name)}
          onClick={() => {
            move(1)
          }}
        >
          ↓
        </Button>
        <Button
          disabled={isFrozen}
          aria-label={texts.remove(name)}
          onClick={() => {
            edit('categories', (current) => withCategoryRemoved(current, key))
          }}
        >
          {texts.removeShort}
        </Button>
      </div>
      <TextInLanguages
        label={texts.fields.label}
        pathOf={(tag) => (tag === undefined ? `${own}.label` : `translations.${tag}.categories.${key}.label`)}
        textOf={(current, tag) =>
          tag === undefined ? label : (current.translations[tag]?.categories?.[key]?.label ?? '')
        }
        write={(current, tag, text) =>
          tag === undefined
            ? withCategory(current, key, { label: text })
            : withCategoryTranslated(current, tag, key, { label: text })
        }
        onBlur={() => {
          if (!isFrozen) edit('key', (current) => withKeyOfLabel(current, key))
        }}
      />
      <TextInLanguages
        label={texts.fields.categoryDescription}
        rows={2}
        pathOf={(tag) =>
          tag === undefined ? `${own}.description` : `translations.${tag}.categories.${key}.description`
        }
        textOf={(current, tag) =>
          tag === undefined
            ? category.description
            : (current.translations[tag]?.categories?.[key]?.description ?? '')
        }
        write={(current, tag, text) =>
          tag === undefined
            ? withCategory(current, key, { description: text })
            : withCategoryTranslated(current, tag, key, { description: text })
        }
      />
      <div className={styles.row}>
        <div className={styles.color}>
          <TextField
            type="color"
            label={texts.fields.color}
            value={isColor(color) ? color : '#000000'}
            onChange={(now) => {
              edit(`${own}.color`, (current) => withCategory(current, key, { color: now }))
            }}
          />
          <ParsedField
            key={key}
            path={`${own}.color`}
            label={texts.colorCode}
            value={color}
            write={(value) => value}
            read={(text) => (isColor(text) ? text.toLowerCase() : undefined)}
            unreadable={texts.noColor}
            hint={isColor(color) ? <Contrast color={color} /> : undefined}
            onChange={(now) => {
              edit(`${own}.color`, (current) => withCategory(current, key, { color: now }))
            }}
          />
        </div>
        <ParsedField
          key={`percent of ${key}`}
          path={`${own}.actualPercent`}
          label={texts.fields.actualPercent}
          hint={texts.actualHint}
          value={actualPercent}
          write={(value) => (value === null ? '' : format.field(fromPercent(value)))}
          read={readPercent}
          unreadable={texts.noPercent}
          inputMode="decimal"
          onChange={(now) => {
            edit(`${own}.actualPercent`, (current) => withCategory(current, key, { actualPercent: now }))
          }}
        />
        <ParsedField
          path={`${own}.key`}
          label={texts.fields.key}
          hint={texts.keyHint}
          value={key}
          write={(value) => value}
          read={(text) => {
            const isTaken = draft.categories.some((one) => one !== category && one.key === text)
            return text !== '' && text === slugOf(text) && !isTaken ? text : undefined
          }}
          unreadable={texts.noKey}
          disabled={isFrozen}
          onChange={(named) => {
            edit('key', (current) => withKey(current, key, named))
          }}
        />
      </div>
    </div>
  )
}

function Contrast({ color }: { color: string }) {
  const { editor: texts } = useDeskTexts()
  const { light, dark } = contrasts(color)
  const isEnough = light >= ENOUGH_CONTRAST && dark >= ENOUGH_CONTRAST
  return (
    <>
      {texts.contrast(light, dark)}{' '}
      <Tag kind={isEnough ? 'good' : 'bad'}>{isEnough ? texts.enough : texts.tooLittle}</Tag>
    </>
  )
}

function readPercent(text: string): number | null | undefined {
  if (text.trim() === '') return null
  const parsed = parseShare(text)
  return parsed.ok ? toPercent(parsed.share) : undefined
}
