package io.platformkit.core.jwt;

/** The library behind tokens, which not every host has. */
final class Nimbus {
  private Nimbus() {}

  /**
   * Checks that it is there.
   *
   * @throws IllegalStateException naming the artifact
   */
  static void require() {
    try {
      Class.forName("com.nimbusds.jose.JWSObject", false, Nimbus.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "tokens need Nimbus on the class path; add the artifact com.nimbusds:nimbus-jose-jwt", e);
    }
  }
}
