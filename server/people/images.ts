import { Refusal } from '../refusal.ts'

export const MOST_BYTES = 5 * 1024 * 1024
/** More than cameras make; what claims more is a small file that unpacks to gigabytes. */
const MOST_PIXELS = 50_000_000
const MOST_SECONDS = 20
const SIDE = 512

/** A picture as it is kept: small, upright, without anything that the camera or the sender put beside it. */
export interface Picture {
  type: 'image/webp'
  width: number
  height: number
  content: Buffer
}

export class PhotoTooLarge extends Refusal {
  readonly code = 'too_large'
  readonly status = 413

  constructor() {
    super('A photo may have at most 5 MiB, and the request must say its length.')
  }
}

export class UnsupportedPhoto extends Refusal {
  readonly code = 'unsupported_photo'
  readonly status = 415

  constructor() {
    super('This is no photo of a kind that is taken here. Send a JPEG, PNG, GIF or WebP.')
  }
}

export class UnreadablePhoto extends Refusal {
  readonly code = 'unreadable_photo'
  readonly status = 422

  constructor() {
    super('This photo cannot be read: it is damaged, or has more than 50 million pixels.')
  }
}

/**
 * Makes the picture that is kept out of what was sent. Everything is drawn anew, so that where it was taken (GPS) and
 * whatever hides behind the picture is gone. Throws PhotoTooLarge, UnsupportedPhoto and UnreadablePhoto.
 */
export async function toPicture(sent: Buffer): Promise<Picture> {
  if (sent.length > MOST_BYTES) throw new PhotoTooLarge()
  if (!isOfAKnownKind(sent)) throw new UnsupportedPhoto()
  // Loaded when the first photo comes: most programs that start never see one, and it takes time and memory.
  const { default: sharp } = await import('sharp')
  try {
    const { data, info } = await sharp(sent, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .timeout({ seconds: MOST_SECONDS })
      .autoOrient()
      .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer({ resolveWithObject: true })
    return { type: 'image/webp', width: info.width, height: info.height, content: data }
  } catch {
    throw new UnreadablePhoto()
  }
}

/** By its first bytes: names and claimed types are the sender's word, and the library reads SVG and more, too. */
function isOfAKnownKind(sent: Buffer): boolean {
  const start = sent.toString('latin1', 0, 12)
  return /^(\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF[^]{4}WEBP)/.test(start)
}
