/** A square cut out of a picture. */
export interface Square {
  /** 1: as large as can be; more: closer. */
  readonly zoom: number;
  /** Where its middle is, from 0 to 1 of what can be moved. */
  readonly x: number;
  readonly y: number;
}

/** The part of a picture of a size, in its pixels. */
export function partOf({ zoom, x, y }: Square, width: number, height: number) {
  const side = Math.min(width, height) / zoom;
  return { left: (width - side) * x, top: (height - side) * y, side };
}

/** Moves a square by a part of its side. */
export function moved(square: Square, byX: number, byY: number, width: number, height: number): Square {
  const { side } = partOf(square, width, height);
  const along = (at: number, by: number, length: number): number => {
    const room = length - side;
    return room <= 0 ? at : Math.min(1, Math.max(0, at - (by * side) / room));
  };
  return { ...square, x: along(square.x, byX, width), y: along(square.y, byY, height) };
}

/** Paints the square, as large as the canvas is. */
export function paint(canvas: HTMLCanvasElement, picture: ImageBitmap, square: Square): void {
  const { left, top, side } = partOf(square, picture.width, picture.height);
  const context = canvas.getContext('2d');
  if (!context) return;
  // What is transparent in the picture would be black in a JPEG.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}
