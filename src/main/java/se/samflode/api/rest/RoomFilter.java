package se.samflode.api.rest;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import se.samflode.access.Callers;
import se.samflode.api.Room;

/** Refuses a question that this node has no room for, before its token is verified. Thread-safe. */
final class RoomFilter extends OncePerRequestFilter {

  private static final String BEARER = "bearer ";

  private final Room room;
  private final Callers callers;
  private final RequestMatcher questions;

  RoomFilter(Room room, Callers callers, RequestMatcher questions) {
    this.room = room;
    this.callers = callers;
    this.questions = questions;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !questions.matches(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try (Room.Place place = room.enter(isBatch(request))) {
      if (place == null) {
        ProblemWriter.write(response, Problem.OVERLOADED);
      } else {
        chain.doFilter(request, response);
      }
    }
  }

  private boolean isBatch(HttpServletRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    return authorization != null
        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && callers.saysBatch(authorization.substring(BEARER.length()).strip());
  }
}
