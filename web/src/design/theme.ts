import { ref, watchEffect } from 'vue';
import { kept } from '../kept';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = 'egg-im:theme';

/** Light or dark, kept in this browser. */
export const theme = ref<Theme>(THEMES.find(each => each === kept.getItem(KEPT)) ?? 'system');

watchEffect(() => {
  kept.setItem(KEPT, theme.value);
  const { dataset } = document.documentElement;
  if (theme.value === 'system') delete dataset.theme;
  else dataset.theme = theme.value;
});
