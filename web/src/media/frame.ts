export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels of the largest and the smallest frame of a picture in a conversation. */
const MOST = 320;
const LEAST = { width: 120, height: 80 };

/** The frame in which a picture is shown, known before it is there. Of what nothing is known that of a film. */
export function frameOf({ width, height }: Partial<Size>): Size {
  if (!width || !height) return { width: MOST, height: (MOST * 9) / 16 };
  const scale = Math.min(1, MOST / width, MOST / height);
  return {
    width: Math.max(LEAST.width, Math.round(width * scale)),
    height: Math.max(LEAST.height, Math.round(height * scale)),
  };
}
