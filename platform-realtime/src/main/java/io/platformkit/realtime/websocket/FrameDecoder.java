package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;

/** Cuts a client's bytes into frames and takes their masks off; keeps no bytes. */
final class FrameDecoder {
  private final FrameHeader header;
  private boolean inPayload;
  private long taken;

  /** What becomes of frames. */
  interface Frames {
    /** Whether to go on with the next frame, or the next part of one. */
    boolean areWanted();

    /** A frame begins; nothing of its payload was looked at. */
    void begin(FrameHeader header) throws ViolationException;

    /**
     * Takes what is there of the payload.
     *
     * @param part unmasked, and valid during the call
     * @param last whether the frame ends with it
     */
    void take(FrameHeader header, ByteBuf part, boolean last) throws ViolationException;
  }

  FrameDecoder(boolean compression) {
    this.header = new FrameHeader(compression);
  }

  /** Reads all that is there, and unmasks it in place. */
  void decode(ByteBuf in, Frames frames) throws ViolationException {
    while (frames.areWanted() && header.isReadFrom(in)) {
      if (!inPayload) {
        inPayload = true;
        taken = 0;
        frames.begin(header);
      }
      long left = header.length() - taken;
      if (left > 0 && !in.isReadable()) {
        return;
      }
      takePart(in.readSlice((int) Math.min(left, in.readableBytes())), frames);
    }
  }

  private void takePart(ByteBuf part, Frames frames) throws ViolationException {
    Mask.remove(part, header.mask(), taken);
    taken += part.readableBytes();
    boolean last = taken == header.length();
    if (last) {
      inPayload = false;
      header.restart();
    }
    frames.take(header, part, last);
  }
}
