package io.platformkit.core.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import io.platformkit.core.Given;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Authentication.Absent;
import io.platformkit.core.identity.Authentication.Refused;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Refusal;
import java.net.InetAddress;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Bearer tokens: JSON Web Tokens that are signed with one of the host's algorithms and a key of its
 * set. Safe for concurrent use; blocks while the set fetches keys.
 *
 * <pre>{@code
 * JwtAuthenticator.builder(KeySet.builder(jwksUrl).build(), JwtAlgorithm.RS256)
 *     .issuer("https://login.example.org/")
 *     .audience("ops-console")
 *     .build();
 * }</pre>
 *
 * <p>Refused is what is longer than {@link Builder#maxLength}, unread; what is no token; an
 * algorithm that is not pinned, {@code none} always; a signature that no key of that name and kind
 * made; an unknown critical header; another issuer or audience; a token without {@code exp} or
 * outside {@code nbf} and {@code exp}; claims that make no principal.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725, best current practices</a>
 */
public final class JwtAuthenticator implements Authenticator {
  private static final String API_KEY_PREFIX = "pk_";

  /** The library's Base64 skips what is none: a token would be right with blanks in it. */
  private static final Pattern COMPACT = Pattern.compile("[\\w-]++(\\.[\\w-]*+){2,4}");

  private final KeySet keys;
  private final Set<JWSAlgorithm> algorithms;
  private final int maxLength;
  private final TokenRules rules;

  private JwtAuthenticator(Builder options) {
    keys = options.keys;
    maxLength = options.maxLength;
    algorithms =
        options.algorithms.stream().map(JwtAlgorithm::jose).collect(Collectors.toUnmodifiableSet());
    rules =
        new TokenRules(
            Set.copyOf(options.issuers),
            Set.copyOf(options.audiences),
            options.leeway,
            options.claims,
            options.clock);
  }

  /**
   * Starts with the pinned algorithms. Those with a shared secret and those with key pairs are not
   * for one authenticator: whoever knows a public key could take it for the secret.
   */
  public static Builder builder(KeySet keys, JwtAlgorithm algorithm, JwtAlgorithm... more) {
    return new Builder(keys, EnumSet.of(algorithm, more));
  }

  @Override
  public Authentication authenticate(Credentials credentials, InetAddress peer) {
    String token = credentials.secret();
    if (!credentials.scheme().equals(Credentials.BEARER) || token.startsWith(API_KEY_PREFIX)) {
      return new Absent();
    }
    if (token.length() > maxLength) {
      return new Refused(Refusal.TOO_LONG);
    }
    Optional<JWT> parsed = COMPACT.matcher(token).matches() ? parse(token) : Optional.empty();
    if (parsed.isEmpty()) {
      return new Refused(Refusal.MALFORMED);
    }
    return parsed.get() instanceof SignedJWT signed
        ? check(signed)
        : new Refused(Refusal.ALGORITHM);
  }

  /** Whatever the parser throws is the token's fault: it does no more than read. */
  private static Optional<JWT> parse(String token) {
    try {
      return Optional.of(JWTParser.parse(token));
    } catch (ParseException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private Authentication check(SignedJWT token) {
    JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
    if (!algorithms.contains(algorithm)) {
      return new Refused(Refusal.ALGORITHM);
    }
    Optional<String> id = Optional.ofNullable(token.getHeader().getKeyID());
    List<VerificationKey> named =
        keys.keys(id).stream().filter(key -> id.isEmpty() || key.id().equals(id)).toList();
    if (named.isEmpty()) {
      return new Refused(Refusal.UNKNOWN_KEY);
    }
    boolean right = named.stream().anyMatch(key -> key.fits(algorithm) && verifies(key, token));
    return right ? rules.apply(token) : new Refused(Refusal.SIGNATURE);
  }

  private static boolean verifies(VerificationKey key, SignedJWT token) {
    try {
      return key.verifier()
          .verify(token.getHeader(), token.getSigningInput(), token.getSignature());
    } catch (JOSEException e) {
      return false; // a signature of a shape that the algorithm does not have
    }
  }

  /** Collects the options; for one thread. */
  public static final class Builder {
    /** Default of {@link #maxLength}. */
    public static final int DEFAULT_MAX_LENGTH = 8192;

    private final KeySet keys;
    private final Set<JwtAlgorithm> algorithms;
    private final Set<String> issuers = new HashSet<>();
    private final Set<String> audiences = new HashSet<>();
    private final Set<String> given = new HashSet<>();
    private boolean anyIssuer;
    private boolean anyAudience;
    private Duration leeway = Duration.ofSeconds(60);
    private int maxLength = DEFAULT_MAX_LENGTH;
    private ClaimMapping claims = ClaimMapping.standard();
    private InstantSource clock = InstantSource.system();

    private Builder(KeySet keys, Set<JwtAlgorithm> algorithms) {
      this.keys = Objects.requireNonNull(keys, "keys");
      this.algorithms = algorithms;
    }

    /** One that may have issued tokens, exactly; call it again for more. Needed. */
    public Builder issuer(String issuer) {
      issuers.add(Objects.requireNonNull(issuer, "issuer"));
      return this;
    }

    /** Instead of {@link #issuer}: whoever has a key. */
    public Builder anyIssuer() {
      anyIssuer = true;
      return this;
    }

    /** One that a token may be for, exactly; call it again for more. Needed. */
    public Builder audience(String audience) {
      audiences.add(Objects.requireNonNull(audience, "audience"));
      return this;
    }

    /** Instead of {@link #audience}: tokens for others too. */
    public Builder anyAudience() {
      anyAudience = true;
      return this;
    }

    /** How far clocks may differ, from zero to 5 minutes. Default: 60 seconds. */
    public Builder leeway(Duration leeway) {
      Given.once(given, "leeway");
      this.leeway = Objects.requireNonNull(leeway, "leeway");
      return this;
    }

    /** Longest token in characters, from 100 to 65,536. Default: {@value #DEFAULT_MAX_LENGTH}. */
    public Builder maxLength(int maxLength) {
      Given.once(given, "maxLength");
      this.maxLength = maxLength;
      return this;
    }

    /** Makes the principal. Default: {@link ClaimMapping#standard}. */
    public Builder claims(ClaimMapping claims) {
      Given.once(given, "claims");
      this.claims = Objects.requireNonNull(claims, "claims");
      return this;
    }

    /** What time it is. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      Given.once(given, "clock");
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public JwtAuthenticator build() {
      List<String> faults = new ArrayList<>();
      boolean mixed = algorithms.stream().map(JwtAlgorithm::isShared).distinct().count() > 1;
      Given.require(faults, "algorithms", algorithms, !mixed, "all with secrets or all without");
      boolean fit = mixed || algorithms.stream().anyMatch(keys::mayFit);
      Given.require(faults, "keys", "without one for " + algorithms, fit, "for the algorithms");
      Given.require(faults, "issuer", issuers, anyIssuer == issuers.isEmpty(), "given or any");
      Given.require(
          faults, "audience", audiences, anyAudience == audiences.isEmpty(), "given or any");
      Given.requireSpan(faults, "leeway", leeway, Duration.ZERO, Duration.ofMinutes(5));
      boolean bounded = maxLength >= 100 && maxLength <= 65_536;
      Given.require(faults, "maxLength", maxLength, bounded, "from 100 to 65536");
      Given.refuse(faults);
      return new JwtAuthenticator(this);
    }
  }
}
