import { computed, ref, watchEffect } from 'vue';
import { en } from './en';
import { zh } from './zh';
import type { Text } from './text';
import { kept } from '../kept';

export type Language = 'en' | 'zh-CN';
export type Key = keyof typeof en;
/** What stands in braces in a text; `count` chooses between one and many. */
export type Values = Readonly<Record<string, string | number>>;

const KEPT = 'egg-im:language';
const dictionaries: Readonly<Record<Language, Readonly<Record<Key, Text>>>> = { en, 'zh-CN': zh };

/** What was chosen; undefined: the language of the browser. */
const choice = ref<Language | undefined>((['en', 'zh-CN'] as const).find(each => each === kept.getItem(KEPT)));

function ofBrowser(): Language {
  const first = navigator.languages.find(each => /^(en|zh)\b/.test(each));
  return first?.startsWith('zh') ? 'zh-CN' : 'en';
}

const language = computed(() => choice.value ?? ofBrowser());
watchEffect(() => (document.documentElement.lang = language.value));

/** The text of a key in the language of now. */
function t(key: Key, values: Values = {}): string {
  const text = dictionaries[language.value][key];
  const chosen = typeof text === 'string' ? text : values.count === 1 ? text.one : text.other;
  return chosen.replace(/\{(\w+)\}/g, (_match, name: string) => String(values[name] ?? ''));
}

/** The words of the page: whatever is made of them follows the language. */
export function useI18n() {
  return { t, language, choice: computed(() => choice.value), setLanguage };
}

/**
 * Changes the language, here and after the next start; undefined: that of the browser. The server's sentences follow with the next
 * start.
 */
function setLanguage(next: Language | undefined): void {
  if (next) kept.setItem(KEPT, next);
  else kept.removeItem(KEPT);
  choice.value = next;
}
