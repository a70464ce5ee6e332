import { Duplex } from 'node:stream'
import type { Bytes } from './messages.ts'
import { isTerminate } from './protocol.ts'

/** The worker, as one connection sees it. */
export interface Line {
  send(bytes: Bytes): void
  close(): void
}

type Done = (error?: Error | null) => void

/** What `pg` takes for a socket. `dial` is asked once, when the driver connects. */
export class PortStream extends Duplex {
  #dial: (stream: PortStream) => Promise<Line>
  #line: Line | undefined

  constructor(dial: (stream: PortStream) => Promise<Line>) {
    super()
    this.#dial = dial
  }

  /** The driver gives a port and a host, which mean nothing here. */
  connect(): this {
    this.#dial(this).then(
      (line) => this.#connected(line),
      (error) => this.destroy(error),
    )
    return this
  }

  /** What the database says to this connection. */
  receive(bytes: Bytes): void {
    if (!this.readableEnded && !this.destroyed) this.push(Buffer.from(bytes.buffer))
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.#send([chunk])
    done()
  }

  /** The driver corks: the messages of a query arrive together and travel together. */
  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.#send(chunks.map(({ chunk }) => chunk))
    done()
  }

  override _final(done: Done): void {
    this.#hangUp()
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#hangUp()
    done(error)
  }

  #connected(line: Line): void {
    this.#line = line
    if (this.destroyed) this.#hangUp()
    else this.emit('connect')
  }

  #send(chunks: Buffer[]): void {
    const messages = chunks.filter((chunk) => !isTerminate(chunk))
    // A copy, as the driver writes its next query into the same memory.
    const bytes = new Uint8Array(Buffer.concat(messages))
    if (bytes.length > 0) this.#line?.send(bytes)
  }

  #hangUp(): void {
    this.#line?.close()
    this.#line = undefined
  }
}
