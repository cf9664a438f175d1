package io.platformkit.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalTest {
  @Test
  void itHasTheRolesThatItWasGiven() {
    Principal ana = Principal.of("ana", "reader");
    assertThat(ana.hasRole("reader")).isTrue();
    assertThat(ana.hasRole("admin")).isFalse();
    assertThat(ana.getName()).isEqualTo("ana");
    assertThat(ana.ofTenant("north").tenant()).contains("north");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ä", "a\n"})
  void aRoleIsAPlainWord(String role) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Principal.of("ana", role))
        .withMessageContaining("1 to 64 letters, digits and . _ : -");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\0"})
  void namesAreBoundedAndHaveNoControlCharacters(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> Principal.of(name));
    assertThatIllegalArgumentException().isThrownBy(() -> Principal.of("ana").ofTenant(name));
  }

  @Test
  void rolesAreBounded() {
    Set<String> many = IntStream.range(0, 65).mapToObj(i -> "r" + i).collect(Collectors.toSet());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Principal("ana", many, Optional.empty()))
        .withMessage("roles had 65 names but it must have at most 64");
  }
}
