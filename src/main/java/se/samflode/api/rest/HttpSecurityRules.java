package se.samflode.api.rest;

import static org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest.toAnyEndpoint;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.BearerTokenErrors;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.OAuth2ProtectedResourceMetadataFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.StaticHeadersWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import se.samflode.access.Callers;
import se.samflode.access.OriginSettings;
import se.samflode.access.Refusal;
import se.samflode.api.Rooms;
import se.samflode.federation.ReadYourWrites;
import se.samflode.readmodel.Kind;

/**
 * Who may reach what over HTTP, on both ports: the JSON API with a token, the SOAP endpoints (which
 * look at the TCP peer themselves), on the management port what is exposed there, and nothing else.
 */
@Configuration(proxyBeanMethods = false)
class HttpSecurityRules {

  private static final String API = "/api/**";
  private static final String API_ROOT = "/api/v1/";
  private static final String BEARER = "Bearer ";
  private static final RequestMatcher IS_API =
      PathPatternRequestMatcher.withDefaults().matcher(API);

  @Bean
  SecurityFilterChain httpAccess(HttpSecurity http, Callers callers, Rooms rooms) {
    DefaultSecurityFilterChain chain =
        http.authorizeHttpRequests(
                rules -> {
                  for (Kind kind : Kind.values()) {
                    rules
                        .requestMatchers(API_ROOT + kind.path())
                        .hasAuthority(Callers.reads(kind.path()));
                  }
                  rules
                      // An error has been refused or answered once already.
                      .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                      .permitAll()
                      // Matches on the management port only.
                      .requestMatchers(toAnyEndpoint().excludingLinks())
                      .permitAll()
                      .requestMatchers("/rivta/**")
                      .permitAll()
                      .requestMatchers(API)
                      .authenticated()
                      .anyRequest()
                      .denyAll();
                })
            .oauth2ResourceServer(tokens ->
                tokens
                    .bearerTokenResolver(tokensOfTheApiOnly())
                    .authenticationEntryPoint(unauthenticated())
                    .accessDeniedHandler(denied())
                    .jwt(jwt -> jwt.jwtAuthenticationConverter(callers)))
            .exceptionHandling(errors ->
                errors.authenticationEntryPoint(unauthenticated()).accessDeniedHandler(denied()))
            .headers(headers ->
                headers
                    .cacheControl(HeadersConfigurer.CacheControlConfig::disable)
                    .addHeaderWriter(
                        new StaticHeadersWriter(HttpHeaders.CACHE_CONTROL, "no-store")))
            .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
            .csrf(AbstractHttpConfigurer::disable)
            .formLogin(AbstractHttpConfigurer::disable)
            .httpBasic(AbstractHttpConfigurer::disable)
            .logout(AbstractHttpConfigurer::disable)
            .requestCache(AbstractHttpConfigurer::disable)
            .cors(cors -> {})
            .addFilterAfter(new RoomFilter(rooms.questions(), callers, IS_API), CorsFilter.class)
            .build();
    // Comes unasked, answers before the rules above are looked at, and claims what we do not do.
    chain.getFilters().removeIf(OAuth2ProtectedResourceMetadataFilter.class::isInstance);
    return chain;
  }

  /** The rules of Spring Security's own for values of headers, without a pattern for each. */
  @Bean
  HttpFirewall firewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setAllowedHeaderValues(HttpSecurityRules::isPlain);
    return firewall;
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || (c > '~' && (Character.isISOControl(c) || !Character.isDefined(c)))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Every filter of the chain would be observed at every request, which costs a good part of an
   * answer from the cache; requests themselves are.
   */
  @Bean
  SecurityObservationSettings unobserved() {
    return SecurityObservationSettings.noObservations();
  }

  /** A URL or header that the firewall refuses. */
  @Bean
  RequestRejectedHandler refusedByTheFirewall() {
    return (request, response, e) -> ProblemWriter.write(response, Problem.BAD_REQUEST);
  }

  /** The name is how Spring Security finds it. */
  @Bean
  CorsFilter corsFilter(OriginSettings settings) {
    CorsConfiguration rules = new CorsConfiguration();
    rules.setAllowedOrigins(settings.allowedOrigins());
    rules.setAllowedMethods(List.of(HttpMethod.GET.name()));
    rules.setAllowedHeaders(
        List.of(
            HttpHeaders.AUTHORIZATION,
            ReadYourWrites.HEADER,
            "Prefer",
            "traceparent",
            Correlation.HEADER));
    rules.setExposedHeaders(
        List.of(Correlation.HEADER, "Preference-Applied", HttpHeaders.RETRY_AFTER));
    rules.setMaxAge(Duration.ofMinutes(10));
    UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration(API, rules);
    CorsFilter filter = new CorsFilter(source);
    filter.setCorsProcessor(new RefusesWithAProblem());
    return filter;
  }

  private static BearerTokenResolver tokensOfTheApiOnly() {
    return request -> IS_API.matches(request) ? token(request) : null;
  }

  /** As Spring Security's own does it (RFC 6750, section 2.1), but for its pattern's cost. */
  private static @Nullable String token(HttpServletRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    String token = authorization.substring(BEARER.length());
    int end = token.length();
    while (end > 0 && token.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = 0; i < end; i++) {
      char c = token.charAt(i);
      if ((c < 'a' || c > 'z')
          && (c < 'A' || c > 'Z')
          && (c < '0' || c > '9')
          && "-._~+/".indexOf(c) < 0) {
        end = 0;
      }
    }
    if (end == 0) {
      throw new OAuth2AuthenticationException(
          BearerTokenErrors.invalidToken("the token is malformed"));
    }
    return token;
  }

  private static AuthenticationEntryPoint unauthenticated() {
    return (request, response, e) -> ProblemWriter.write(response, unauthenticated(request, e));
  }

  private static AccessDeniedHandler denied() {
    return (request, response, e) ->
        ProblemWriter.write(
            response, IS_API.matches(request) ? Problem.FORBIDDEN : Problem.NOT_FOUND);
  }

  private static Problem unauthenticated(HttpServletRequest request, AuthenticationException e) {
    if (!IS_API.matches(request)) {
      return Problem.NOT_FOUND;
    }
    if (e instanceof Refusal refusal) {
      return switch (refusal.reason()) {
        case UNKNOWN_CLIENT -> Problem.UNAUTHORIZED;
        case INVALID_IDENTITY -> Problem.INVALID_IDENTITY;
        case KEYS_UNAVAILABLE -> Problem.KEYS_UNAVAILABLE;
      };
    }
    return Problem.UNAUTHORIZED;
  }

  private static final class RefusesWithAProblem extends DefaultCorsProcessor {

    @Override
    protected void rejectRequest(ServerHttpResponse response) throws IOException {
      response.setStatusCode(Problem.ORIGIN_NOT_ALLOWED.status());
      response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
      response.getHeaders().setCacheControl("no-store");
      response.getBody().write(ProblemWriter.bytes(Problem.ORIGIN_NOT_ALLOWED, null));
      response.flush();
    }
  }
}
