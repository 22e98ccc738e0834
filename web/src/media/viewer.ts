import type { Contents, Message } from 'egg-im-client';
import { computed, inject, provide, shallowRef, type ComputedRef, type InjectionKey } from 'vue';
import type { Shown } from './shown';

export interface Picture {
  readonly message: Shown;
  readonly content: Contents['image'];
}

/** The pictures of a conversation that are loaded, in its order. */
interface Gallery {
  readonly pictures: ComputedRef<readonly Picture[]>;
  /** Loads what comes before them. */
  older(): Promise<void>;
}

interface Viewed {
  readonly first: Picture;
  /** In place of its address, while it is on its way. */
  readonly local?: string;
  /** Those among which it is. */
  readonly gallery?: Gallery;
}

/** What the viewer shows, in front of everything. */
export const viewed = shallowRef<Viewed>();

const GALLERY: InjectionKey<Gallery> = Symbol('gallery');

/** From a picture of these messages one goes on to the next. */
export function provideGallery(messages: () => readonly Message[], older: () => Promise<void>): void {
  const pictures = computed(() =>
    messages().flatMap(message => {
      const content = message.content as unknown as Contents['image'];
      return message.type === 'image' && content.mediaId ? [{ message, content }] : [];
    }),
  );
  provide(GALLERY, { pictures, older });
}

/** Opens the viewer with a picture; `local`: its address, while it is on its way. */
export function useViewer() {
  const gallery = inject(GALLERY, undefined);
  return function view(first: Picture, local?: string): void {
    const isAmong = gallery?.pictures.value.some(({ message }) => message.seq === first.message.seq);
    viewed.value = { first, local, gallery: isAmong ? gallery : undefined };
  };
}
