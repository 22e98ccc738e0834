/// <reference types="vite/client" />

declare module 'virtual:emoji/*' {
  /** Emoji in their order, with the words by which they are found, and which group they belong to. */
  const emoji: readonly (readonly [emoji: string, words: string, group: number])[];
  export default emoji;
}

declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
