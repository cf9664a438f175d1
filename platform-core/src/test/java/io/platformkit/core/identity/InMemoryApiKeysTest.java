package io.platformkit.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryApiKeysTest extends ApiKeysContract {
  private final KeyValueStore store =
      InMemoryKeyValueStore.builder().clock(clock).scannable(true).build();

  @Override
  protected ApiKeys.Builder place() {
    return ApiKeys.builder(store);
  }

  @Test
  void theStoreHoldsNoSecret() {
    String secret = right().secret().substring(right().secret().lastIndexOf('_') + 1);
    assertThat(store.scan("", null, 100).entries().values())
        .isNotEmpty()
        .allSatisfy(value ->
            assertThat(new String(value.value(), StandardCharsets.UTF_8)).doesNotContain(secret));
  }

  @Test
  void aStoreThatCannotBeScannedIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            ApiKeys.builder(InMemoryKeyValueStore.create()).cacheFor(Duration.ofHours(1)).build())
        .withMessageContainingAll("store was 'not scannable'", "cacheFor was 'PT1H'");
  }

  @Nested
  class WhenKeysAreCached {
    private final AtomicLong nanos = new AtomicLong();
    private final ApiKeys here = cached();
    private final ApiKeys elsewhere = cached();

    private ApiKeys cached() {
      return place().cacheFor(Duration.ofSeconds(30)).nanoTime(nanos::get).clock(clock).build();
    }

    @Test
    void aRevokedKeyIsRefusedHereAtOnceAndElsewhereAfterThatTime() {
      NewApiKey made = here.create(owner());
      Credentials shown = Credentials.apiKey(made.secret());
      assertThat(here.authenticate(shown, PEER)).isInstanceOf(Authenticated.class);
      assertThat(elsewhere.authenticate(shown, PEER)).isInstanceOf(Authenticated.class);
      assertThat(here.revoke(made.key().id())).isTrue();
      assertThat(here.authenticate(shown, PEER)).isNotInstanceOf(Authenticated.class);
      assertThat(elsewhere.authenticate(shown, PEER)).isInstanceOf(Authenticated.class);
      nanos.addAndGet(Duration.ofSeconds(30).toNanos());
      assertThat(elsewhere.authenticate(shown, PEER)).isNotInstanceOf(Authenticated.class);
    }
  }
}
