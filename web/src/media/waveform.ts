export const BARS = 40;
/** Hertz: enough to see how loud it is. */
const RATE = 8000;
/** Seconds of what is looked at; of longer ones the sound would take much memory. */
const MOST = 300;

const known = new Map<string, readonly number[]>();

/**
 * How loud a recording is from its beginning to its end, as `BARS` numbers from 0 to 1; undefined where that can not be told.
 * Rejects when it can not be read.
 */
export async function waveformOf(
  key: string,
  source: Blob | string,
  seconds: number,
): Promise<readonly number[] | undefined> {
  const kept = known.get(key);
  if (kept || seconds > MOST) return kept;
  const content = typeof source === 'string' ? await read(source) : await source.arrayBuffer();
  try {
    const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(content);
    const bars = barsOf(sound.getChannelData(0));
    known.set(key, bars);
    return bars;
  } catch {
    // A kind of sound that this browser does not know.
    return undefined;
  }
}

async function read(url: string): Promise<ArrayBuffer> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error('The recording can not be read');
  return answer.arrayBuffer();
}

function barsOf(samples: Float32Array): number[] {
  const step = samples.length / BARS;
  const loudness = Array.from({ length: BARS }, (_, bar) => {
    const part = samples.subarray(Math.floor(bar * step), Math.floor((bar + 1) * step));
    return Math.sqrt(part.reduce((sum, each) => sum + each * each, 0) / Math.max(1, part.length));
  });
  const most = Math.max(...loudness, 0.01);
  return loudness.map(each => each / most);
}
