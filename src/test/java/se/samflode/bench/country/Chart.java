package se.samflode.bench.country;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A picture of shares against maxAge, as SVG that reads on light and dark pages. */
final class Chart {

  private static final int WIDTH = 840;
  private static final int HEIGHT = 420;
  private static final int LEFT = 56;
  private static final int RIGHT = 260;
  private static final int TOP = 44;
  private static final int BOTTOM = 52;
  private static final int LABEL_HEIGHT = 16;

  private final String title;
  private final List<Line> lines = new ArrayList<>();
  private final double shortest;
  private final double longest;

  /**
   * One series.
   *
   * @param shares by maxAge, 0 to 1
   * @param color index of the color, 1 to 4
   * @param dashed whether it is a bound rather than a result
   * @param dots whether points are measured rather than computed: they are not joined
   */
  record Line(String name, Map<Duration, Double> shares, int color, boolean dashed, boolean dots) {}

  /** With a time axis between two ages, both more than 0. */
  Chart(String title, Duration shortest, Duration longest) {
    this.title = title;
    this.shortest = Math.log((double) shortest.toSeconds());
    this.longest = Math.log((double) longest.toSeconds());
  }

  void add(Line line) {
    lines.add(line);
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
        <style>
          text { font: 13px sans-serif; fill: #24292f }
          .title { font-weight: bold; font-size: 14px }
          .page { fill: #ffffff } .grid { stroke: #d0d7de }
          .c1 { fill: #0969da; stroke: #0969da } .c2 { fill: #1a7f37; stroke: #1a7f37 }
          .c3 { fill: #bc4c00; stroke: #bc4c00 } .c4 { fill: #6e7781; stroke: #6e7781 }
          .line { fill: none; stroke-width: 2.5 } .dash { stroke-width: 1.5; stroke-dasharray: 6 5 }
          .name { stroke: none }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 } .page { fill: #0d1117 } .grid { stroke: #30363d }
            .c1 { fill: #58a6ff; stroke: #58a6ff } .c2 { fill: #3fb950; stroke: #3fb950 }
            .c3 { fill: #f0883e; stroke: #f0883e } .c4 { fill: #8b949e; stroke: #8b949e }
            .line { fill: none } .name { stroke: none }
          }
        </style>
        <rect class="page" width="100%%" height="100%%" rx="6"/>
        <text class="title" x="%d" y="24">%s</text>
        """
            .formatted(WIDTH, HEIGHT, title, LEFT, title));
    grid(svg);
    lines.forEach(line -> draw(svg, line));
    names(svg);
    return svg.append("</svg>\n").toString();
  }

  private void grid(StringBuilder svg) {
    for (int percent = 0; percent <= 100; percent += 20) {
      double y = y(percent / 100.0);
      svg.append(
          text(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d %%</text>%n",
              LEFT, WIDTH - RIGHT, y, y, LEFT - 8, y + 4, percent));
    }
    for (Duration age :
        List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(4),
            Duration.ofHours(12),
            Duration.ofDays(1),
            Duration.ofDays(7))) {
      svg.append(
          text(
              "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                  + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
              x(age), x(age), TOP, HEIGHT - BOTTOM, x(age), HEIGHT - BOTTOM + 18, name(age)));
    }
    svg.append(
        text(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">maxAge of proven producers</text>%n",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12));
  }

  private void draw(StringBuilder svg, Line line) {
    StringBuilder points = new StringBuilder();
    line.shares()
        .forEach((age, share) -> {
          points.append(text("%.1f,%.1f ", x(age), y(share)));
          if (!line.dashed()) {
            svg.append(
                text(
                    "<circle class=\"dot c%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"/>%n",
                    line.color(), x(age), y(share), line.dots() ? "5" : "3"));
          }
        });
    if (!line.dots()) {
      svg.append(
          text(
              "<polyline class=\"line c%d%s\" points=\"%s\"/>%n",
              line.color(), line.dashed() ? " dash" : "", points.toString().strip()));
    }
  }

  /** Names at the ends of the lines, pushed apart where they would overlap. */
  private void names(StringBuilder svg) {
    double below = Double.NEGATIVE_INFINITY;
    for (Line line :
        lines.stream()
            .filter(one -> !one.name().isEmpty())
            .sorted((a, b) -> Double.compare(last(b), last(a)))
            .toList()) {
      double y = Math.max(y(last(line)) + 4, below + LABEL_HEIGHT);
      below = y;
      svg.append(
          text(
              "<text class=\"name c%d\" x=\"%d\" y=\"%.1f\">%s</text>%n",
              line.color(), WIDTH - RIGHT + 10, y, line.name()));
    }
  }

  private static double last(Line line) {
    return line.shares().values().stream().reduce((a, b) -> b).orElse(0.0);
  }

  /** As {@code 10 min} or {@code 7 d}. */
  static String name(Duration age) {
    return age.toHours() == 0
        ? age.toMinutes() + " min"
        : age.toDays() > 1 ? age.toDays() + " d" : age.toHours() + " h";
  }

  private double x(Duration age) {
    double part = (Math.log((double) age.toSeconds()) - shortest) / (longest - shortest);
    return LEFT + part * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double share) {
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  }

  @SuppressWarnings("AnnotateFormatMethod") // that annotation would be one more dependency
  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
