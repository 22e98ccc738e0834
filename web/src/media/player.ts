import { readonly, shallowRef } from 'vue';

/** The recording that is being played, of all that the page shows. */
export interface Track {
  readonly key: string;
  readonly src: string;
  /** Seconds from its beginning. */
  readonly position: number;
  readonly isPlaying: boolean;
}

/** Behind the end of whatever there is. */
const BEHIND = 1e9;

const track = shallowRef<Track>();
let audio: HTMLAudioElement | undefined;
let film: HTMLMediaElement | undefined;

function update(change: Partial<Track>): void {
  if (track.value) track.value = { ...track.value, ...change };
}

function make(): HTMLAudioElement {
  const made = new Audio();
  made.addEventListener('timeupdate', () => {
    if (made.currentTime < BEHIND && Number.isFinite(made.duration)) update({ position: made.currentTime });
  });
  made.addEventListener('play', () => update({ isPlaying: true }));
  made.addEventListener('pause', () => update({ isPlaying: false }));
  made.addEventListener('ended', () => update({ isPlaying: false, position: 0 }));
  return made;
}

/** Opens a recording. A browser's own does not say how long it is, and is searched only after its end was. */
async function open(element: HTMLAudioElement, src: string): Promise<void> {
  element.src = src;
  await until(element, 'loadedmetadata');
  if (Number.isFinite(element.duration)) return;
  element.currentTime = BEHIND;
  while (!Number.isFinite(element.duration)) await until(element, 'durationchange');
}

function until(element: HTMLAudioElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = () => reject(new Error('It can not be played'));
    element.addEventListener('error', failed, { once: true });
    element.addEventListener(
      event,
      () => {
        element.removeEventListener('error', failed);
        resolve();
      },
      { once: true },
    );
  });
}

/** Plays a recording from a place on, in seconds; what was played before stops. Rejects when it can not be read. */
async function play(key: string, src: string, position: number): Promise<void> {
  film?.pause();
  audio ??= make();
  const isOpen = track.value?.src === src && Number.isFinite(audio.duration);
  track.value = { key, src, position, isPlaying: true };
  if (!isOpen) await open(audio, src);
  if (track.value.src !== src) return;
  audio.currentTime = position;
  await audio.play();
}

/** One recording or film plays at a time, also while what shows it is out of sight. */
export function usePlayer() {
  return {
    track: readonly(track),
    play,
    pause: (): void => audio?.pause(),
    /** Lets go of what is played. */
    forget(): void {
      audio?.pause();
      track.value = undefined;
    },
    /** A film has begun. */
    claim(element: HTMLMediaElement): void {
      audio?.pause();
      if (film !== element) film?.pause();
      film = element;
    },
  };
}
