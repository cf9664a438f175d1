// What went wrong.

/** What went wrong: `code` is one of the protocol's (`forbidden`, `unavailable` …), a close code as text, or one of
 *  `timeout`, `disconnected`, `closed`, `queue_full`, `too_large`, `refused`, `malformed`, `connect`. */
export class RealtimeError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = 'RealtimeError';
    this.code = code;
  }
}

/** For `catch`: what was lost with its connection is done anew by the next one. */
export function unlessLost(failure) {
  if (failure.code !== 'disconnected') throw failure;
}
