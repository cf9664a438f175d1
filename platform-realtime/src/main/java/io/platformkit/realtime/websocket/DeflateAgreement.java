package io.platformkit.realtime.websocket;

import io.platformkit.realtime.websocket.ExtensionOffer.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of an offer of permessage-deflate (RFC 7692 §7.1). Neither side takes its context
 * over, which the server may demand of any client.
 *
 * @param windowBits the client's demand on what the server sends; 15 without one
 * @param limited whether there was a demand, which must be answered
 */
record DeflateAgreement(int windowBits, boolean limited) {
  private static final String NAME = "permessage-deflate";
  private static final String SERVER_WINDOW = "server_max_window_bits";
  private static final String CLIENT_WINDOW = "client_max_window_bits";
  private static final String SERVER_RESETS = "server_no_context_takeover";
  private static final String CLIENT_RESETS = "client_no_context_takeover";

  /** Takes the first offer that can be honoured. */
  static Optional<DeflateAgreement> on(List<ExtensionOffer> offers) {
    return offers.stream()
        .filter(offer -> offer.name().equals(NAME) && isRight(offer.parameters()))
        .findFirst()
        .map(offer -> of(offer.parameters()));
  }

  private static boolean isRight(List<Parameter> parameters) {
    Set<String> names = new HashSet<>();
    return parameters.stream().allMatch(each -> names.add(each.name()) && isRight(each));
  }

  private static boolean isRight(Parameter parameter) {
    return switch (parameter.name()) {
      case SERVER_RESETS, CLIENT_RESETS -> parameter.value().isEmpty();
      case SERVER_WINDOW -> parameter.value().filter(DeflateAgreement::isWindow).isPresent();
      case CLIENT_WINDOW -> parameter.value().map(DeflateAgreement::isWindow).orElse(true);
      default -> false;
    };
  }

  private static boolean isWindow(String bits) {
    return bits.matches("[89]|1[0-5]");
  }

  private static DeflateAgreement of(List<Parameter> parameters) {
    return parameters.stream()
        .filter(parameter -> parameter.name().equals(SERVER_WINDOW))
        .flatMap(parameter -> parameter.value().stream())
        .map(bits -> new DeflateAgreement(Integer.parseInt(bits), true))
        .findFirst()
        .orElse(new DeflateAgreement(Compression.MOST_WINDOW_BITS, false));
  }

  /** The server's answer. */
  String header() {
    String answer = String.join("; ", NAME, SERVER_RESETS, CLIENT_RESETS);
    return limited ? answer + "; " + SERVER_WINDOW + "=" + windowBits : answer;
  }
}
