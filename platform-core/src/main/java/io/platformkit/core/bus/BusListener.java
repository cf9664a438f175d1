package io.platformkit.core.bus;

/**
 * Takes the messages of one subscription. Called by one thread at a time, a virtual one, and may
 * block: then its own queue alone grows. What it throws goes to the adapter's {@link
 * io.platformkit.core.ErrorHandler}; the message counts as delivered.
 */
public interface BusListener {
  /**
   * Takes one message.
   *
   * @param data belongs to the listener
   */
  void onMessage(byte[] data);

  /**
   * Messages between the last one and the next one were, perhaps, missed: read anew whatever is
   * kept from messages. Comes when messages can come again, so that nothing is lost after the
   * reading.
   */
  void onMissed();
}
