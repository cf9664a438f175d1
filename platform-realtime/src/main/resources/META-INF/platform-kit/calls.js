// Calls what the page gave us.

/** Calls what the page gave us; its fault is the page's, and does not end the connection. */
export function call(handler, argument) {
  try {
    handler(argument);
  } catch (failure) {
    rethrowLater(failure);
  }
}

export function rethrowLater(failure) {
  queueMicrotask(() => {
    throw failure;
  });
}
