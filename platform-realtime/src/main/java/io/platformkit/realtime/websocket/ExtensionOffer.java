package io.platformkit.realtime.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One element of {@code Sec-WebSocket-Extensions} (RFC 6455 §9.1). */
record ExtensionOffer(String name, List<Parameter> parameters) {

  /** A parameter as it was offered; the value unquoted. */
  record Parameter(String name, Optional<String> value) {}

  /** The offers in their order; empty if the header breaks the grammar. */
  static Optional<List<ExtensionOffer>> parse(String header) {
    HeaderText text = new HeaderText(header);
    List<ExtensionOffer> offers = new ArrayList<>();
    text.skipEmptyElements();
    while (!text.isAtEnd()) {
      Optional<ExtensionOffer> offer = next(text);
      if (offer.isEmpty() || !text.endsElement()) {
        return Optional.empty();
      }
      offers.add(offer.get());
    }
    return Optional.of(offers);
  }

  private static Optional<ExtensionOffer> next(HeaderText text) {
    String name = text.token();
    List<Parameter> parameters = new ArrayList<>();
    while (text.skips(';')) {
      String parameter = text.token();
      boolean hasValue = text.skips('=');
      Optional<String> value = hasValue ? text.tokenOrQuoted() : Optional.empty();
      if (parameter.isEmpty() || value.map(HeaderText::isToken).orElse(false) != hasValue) {
        return Optional.empty();
      }
      parameters.add(new Parameter(parameter, value));
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(new ExtensionOffer(name, parameters));
  }
}
