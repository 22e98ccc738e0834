const FIRST_HZ = 880;
const SECOND_HZ = 1175;
const VOLUME = 0.12;
const LONG_S = 0.28;

let context: AudioContext | undefined;

/** Two short tones. Nothing is heard before the user has touched the page: browsers ask for that. */
export function play(): void {
  if (!navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  const { currentTime: now, destination } = context;
  const gain = new GainNode(context, { gain: 0 });
  const tone = new OscillatorNode(context, { type: 'sine', frequency: FIRST_HZ });
  tone.frequency.setValueAtTime(SECOND_HZ, now + LONG_S / 3);
  gain.gain.linearRampToValueAtTime(VOLUME, now + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, now + LONG_S);
  tone.connect(gain).connect(destination);
  tone.start(now);
  tone.stop(now + LONG_S);
}
