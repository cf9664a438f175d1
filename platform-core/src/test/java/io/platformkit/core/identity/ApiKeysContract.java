package io.platformkit.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.platformkit.core.SettableClock;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** API keys do the same wherever they are kept. */
public abstract class ApiKeysContract extends AuthenticatorContract {
  private static final Principal OWNER = Principal.of("ana", "reader", "writer").ofTenant("north");

  /** What time it is for the keys. */
  protected final SettableClock clock = SettableClock.at(Instant.now().plusSeconds(1));

  private ApiKeys keys = ApiKeys.builder().build();
  private NewApiKey right = keys.create(OWNER);

  /** For subclasses. */
  protected ApiKeysContract() {}

  /** Where keys are kept: the same place during a test, empty at its start. */
  protected abstract ApiKeys.Builder place();

  @BeforeEach
  final void createAKey() {
    keys = open();
    right = keys.create(OWNER);
  }

  private ApiKeys open() {
    return place().clock(clock).build();
  }

  @Override
  protected Authenticator authenticator() {
    return keys;
  }

  @Override
  protected Credentials right() {
    return Credentials.apiKey(right.secret());
  }

  @Override
  protected Principal owner() {
    return OWNER;
  }

  @Test
  void aKeyIsTakenAsABearerTokenToo() {
    assertThat(keys.authenticate(Credentials.bearer(right.secret()), PEER))
        .isEqualTo(new Authenticated(OWNER, Optional.empty()));
  }

  @Test
  void aKeyHas256RandomBitsAndAPublicId() {
    assertThat(right.secret()).matches("pk_" + right.key().id() + "_[0-9a-f]{64}");
    assertThat(keys.create(OWNER).secret()).isNotEqualTo(right.secret());
    assertThat(right.toString()).doesNotContain(right.secret().substring(20));
  }

  @Test
  void aRevokedKeyIsUnknownAtOnce() {
    assertThat(keys.revoke(right.key().id())).isTrue();
    assertThat(keys.authenticate(right(), PEER)).isEqualTo(new Refused(Refusal.UNKNOWN_KEY));
    assertThat(keys.find(right.key().id())).isEmpty();
    assertThat(keys.revoke(right.key().id())).isFalse();
    assertThat(keys.revoke("../" + right.key().id())).isFalse();
  }

  @Test
  void anotherSecretOfTheSameKeyIsWrong() {
    String other = keys.create(OWNER).secret().substring(19);
    String mixed = "pk_" + right.key().id() + other;
    assertThat(keys.authenticate(Credentials.apiKey(mixed), PEER))
        .isEqualTo(new Refused(Refusal.WRONG_SECRET));
  }

  @Test
  void aKeyEndsWhenItExpires() {
    Instant end = clock.instant().plusSeconds(60);
    NewApiKey made = keys.create(OWNER, end);
    Credentials shown = Credentials.apiKey(made.secret());
    assertThat(keys.authenticate(shown, PEER))
        .isEqualTo(new Authenticated(OWNER, Optional.of(end)));
    clock.advance(Duration.ofSeconds(60));
    assertThat(keys.authenticate(shown, PEER)).isEqualTo(new Refused(Refusal.EXPIRED));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys.create(OWNER, end))
        .withMessageContaining("must be after now");
  }

  @Test
  void allKeysAreListedPageByPage() {
    List<String> made = new ArrayList<>(List.of(right.key().id()));
    IntStream.range(0, 6).forEach(i -> made.add(keys.create(OWNER).key().id()));
    List<String> listed = new ArrayList<>();
    List<ApiKey> page = keys.list(3);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(3);
      page.forEach(key -> listed.add(key.id()));
      page = keys.list(listed.getLast(), 3);
    }
    assertThat(listed).containsExactlyElementsOf(made.stream().sorted().toList());
    assertThatIllegalArgumentException().isThrownBy(() -> keys.list(0));
  }

  @Test
  void whatIsKnownOfAKeyHasNoSecret() {
    assertThat(keys.find(right.key().id())).contains(right.key());
    assertThat(right.key().toString()).doesNotContain(right.secret().substring(20));
  }
}
