import { onScopeDispose, ref, shallowRef } from 'vue';
import { BARS } from './waveform';

export interface Recording {
  readonly content: Blob;
  /** Seconds. */
  readonly duration: number;
}

/** What browsers record, the smallest first. */
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];
const BITS_PER_SECOND = 32_000;
/** How often the level is looked at. */
const LOOK_MS = 100;

/** The microphone and what is recorded of it. */
interface Running {
  readonly recorder: MediaRecorder;
  readonly stream: MediaStream;
  readonly sound: AudioContext;
  readonly timer: ReturnType<typeof setInterval>;
  readonly since: number;
}

/** Records what the microphone hears. */
export function useRecorder() {
  const isRecording = ref(false);
  /** Seconds so far. */
  const seconds = ref(0);
  /** How loud it was last, from 0 to 1, the newest at the end. */
  const levels = shallowRef<readonly number[]>([]);
  let running: Running | undefined;
  const isWanted = (): boolean => isRecording.value;

  /** Asks for the microphone, and begins. Rejects when it may not be used. */
  async function start(): Promise<void> {
    if (running || isRecording.value) return;
    isRecording.value = true;
    seconds.value = 0;
    levels.value = Array.from({ length: BARS }, () => 0);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      // It was given up while the browser asked.
      if (!isWanted()) return endOf(stream);
      running = begin(stream);
    } catch (error) {
      isRecording.value = false;
      throw error;
    }
  }

  function begin(stream: MediaStream): Running {
    const mimeType = TYPES.find(each => MediaRecorder.isTypeSupported(each));
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    const sound = new AudioContext();
    const analyser = sound.createAnalyser();
    sound.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const since = performance.now();
    const timer = setInterval(() => {
      seconds.value = (performance.now() - since) / 1000;
      analyser.getFloatTimeDomainData(samples);
      const loudness = Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
      levels.value = [...levels.value.slice(1), Math.min(1, loudness * 3)];
    }, LOOK_MS);
    recorder.start();
    return { recorder, stream, sound, timer, since };
  }

  function cancel(): void {
    isRecording.value = false;
    if (running) finish(running);
    running = undefined;
  }

  /** Ends it. Resolves with nothing where it has not begun. */
  async function stop(): Promise<Recording | undefined> {
    if (!running) {
      cancel();
      return undefined;
    }
    const { recorder, since } = running;
    const duration = (performance.now() - since) / 1000;
    const content = await new Promise<Blob>(resolve => {
      recorder.addEventListener('dataavailable', ({ data }) => resolve(data), { once: true });
      recorder.stop();
    });
    cancel();
    return { content, duration };
  }

  onScopeDispose(cancel);
  return { isRecording, seconds, levels, start, stop, cancel };
}

function finish({ recorder, stream, sound, timer }: Running): void {
  clearInterval(timer);
  if (recorder.state !== 'inactive') recorder.stop();
  endOf(stream);
  void sound.close();
}

function endOf(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
