package se.samflode.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.StandardVirtualThreadExecutor;
import org.apache.catalina.startup.Tomcat;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import se.samflode.contract.CalledAddress;
import se.samflode.identity.PersonId;
import se.samflode.index.EngagementIndex;

/**
 * The limit that warm answers are measured against: one servlet that checks the token, asks the
 * index what the engine asks it, and writes the bytes that the engine has answered to the same
 * request before. Nothing else.
 */
final class BareServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private static final String DOMAIN = "riv:clinicalprocess:healthcond:actoutcome";
  private static final Pattern RESIDENT = Pattern.compile("R[0-9]{11}|[0-9]{12}");
  private static final Set<String> CONNECTION =
      Set.of("connection", "content-length", "transfer-encoding", "keep-alive", "date");

  private final transient EngagementIndex index;
  private final transient NimbusJwtDecoder tokens;
  private final transient Set<String> categorizations;
  private final String engine;
  private final transient HttpClient http = HttpClient.newHttpClient();
  private final transient Map<ByteBuffer, Jwt> verified = new ConcurrentHashMap<>();
  private final transient Map<String, HttpResponse<byte[]>> answers = new ConcurrentHashMap<>();

  private BareServlet(
      EngagementIndex index, NimbusJwtDecoder tokens, Set<String> categorizations, String engine) {
    this.index = index;
    this.tokens = tokens;
    this.categorizations = categorizations;
    this.engine = engine;
  }

  /**
   * Serves until it is killed.
   *
   * @param arguments JDBC address, file of the public key, address of the engine, categorizations
   *     with commas between
   */
  public static void main(String[] arguments) throws Exception {
    HikariDataSource database = new HikariDataSource();
    database.setJdbcUrl(arguments[0]);
    database.setUsername("postgres");
    database.setMaximumPoolSize(8);
    database.addDataSourceProperty("options", "-c plan_cache_mode=force_generic_plan -c jit=off");
    AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext();
    beans.registerBean(HikariDataSource.class, () -> database);
    beans.registerBean(JdbcTransactionManager.class, () -> new JdbcTransactionManager(database));
    beans.registerBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new);
    beans.register(Class.forName("se.samflode.index.IndexDatabase"), EngagementIndex.class);
    beans.refresh();
    start(
        new BareServlet(
            beans.getBean(EngagementIndex.class),
            NimbusJwtDecoder.withPublicKey(key(Path.of(arguments[1]))).build(),
            Set.of(arguments[3].split(",", -1)),
            arguments[2]));
  }

  private static void start(BareServlet servlet) throws IOException, LifecycleException {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("bare").toString());
    tomcat.setPort(0);
    StandardVirtualThreadExecutor threads = new StandardVirtualThreadExecutor();
    threads.setName("virtual");
    tomcat.getService().addExecutor(threads);
    tomcat.getConnector().getProtocolHandler().setExecutor(threads);
    tomcat.getConnector().setProperty("maxHttpRequestHeaderSize", "24576");
    tomcat.getConnector().setProperty("maxKeepAliveRequests", "100");
    var context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "bare", servlet);
    context.addServletMappingDecoded("/*", "bare");
    tomcat.start();
    System.out.println("port " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }

  private static RSAPublicKey key(Path pem)
      throws IOException, NoSuchAlgorithmException, InvalidKeySpecException {
    String base64 = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "");
    return (RSAPublicKey)
        KeyFactory.getInstance("RSA")
            .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    byte[] body = request.getInputStream().readAllBytes();
    @Nullable String authorization = request.getHeader("Authorization");
    String resident =
        authorization == null ? resident(new String(body, UTF_8)) : resident(jwt(authorization));
    index.whatToAsk(new PersonId(resident), DOMAIN, categorizations, CalledAddress.SOURCE_SYSTEM);
    HttpResponse<byte[]> answer =
        answers.computeIfAbsent(
            request.getRequestURI() + resident, key -> ask(request, authorization, body));
    response.setStatus(answer.statusCode());
    answer
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> response.addHeader(name, value));
          }
        });
    response.setContentLength(answer.body().length);
    response.getOutputStream().write(answer.body());
  }

  private Jwt jwt(String authorization) {
    String token = authorization.substring("Bearer ".length());
    Jwt jwt = verified.computeIfAbsent(sha256(token), key -> tokens.decode(token));
    if (Instant.now().isAfter(Objects.requireNonNull(jwt.getExpiresAt()))) {
      throw new IllegalStateException("the token has expired");
    }
    return jwt;
  }

  private static ByteBuffer sha256(String token) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resident(Jwt jwt) {
    return Objects.requireNonNull(
        jwt.getClaimAsString("https://id.oidc.se/claim/personalIdentityNumber"));
  }

  private static String resident(String envelope) {
    Matcher number = RESIDENT.matcher(envelope.substring(envelope.indexOf("Body>")));
    if (!number.find()) {
      throw new IllegalStateException("no resident");
    }
    return number.group();
  }

  /** The first time, the engine's answer. */
  private HttpResponse<byte[]> ask(
      HttpServletRequest request, @Nullable String authorization, byte[] body) {
    HttpRequest.Builder question =
        HttpRequest.newBuilder(URI.create(engine + request.getRequestURI()));
    if (authorization == null) {
      question.POST(BodyPublishers.ofByteArray(body));
      for (String name :
          Set.of(
              "Content-Type",
              "SOAPAction",
              "x-vp-sender-id",
              "x-rivta-original-serviceconsumer-hsaid",
              "x-skltp-correlation-id")) {
        question.header(name, request.getHeader(name));
      }
    } else {
      question.header("Authorization", authorization);
    }
    try {
      return http.send(question.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
