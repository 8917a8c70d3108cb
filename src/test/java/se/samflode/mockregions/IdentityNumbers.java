package se.samflode.mockregions;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes identity numbers by rules whose outcomes all stand in the published test series, and
 * reserve numbers that are invented. Each number is given once. Not thread-safe.
 */
final class IdentityNumbers {

  private static final String RESERVE_LETTERS = "ABCDEFGHJKLMNPRSTUXYZ";

  private final RandomGenerator random;
  private final List<String> personnummer;
  private final List<String> samordningsnummer;
  private int reserveNumbers;

  IdentityNumbers(RandomGenerator random) {
    this.random = random;
    this.personnummer = shuffled(personnummerOfTheSeries());
    this.samordningsnummer = shuffled(samordningsnummerOfTheSeries());
  }

  String next(Resident.Kind kind) {
    return switch (kind) {
      case PERSONNUMMER -> personnummer.removeLast();
      case SAMORDNINGSNUMMER -> samordningsnummer.removeLast();
      case RESERVE -> reserve(reserveNumbers++);
    };
  }

  // In these years the series has 238 and 239 for every day.
  private static Stream<String> personnummerOfTheSeries() {
    return Stream.concat(days(1981, 1988), days(1991, 1999))
        .flatMap(day -> Stream.of("238", "239").map(n -> withCheckDigit(basic(day) + n, 2)));
  }

  // In these years the series has one number a day: 239 on odd days of the month, 238 on even.
  private static Stream<String> samordningsnummerOfTheSeries() {
    return days(2022, 2023)
        .map(day ->
            String.format(
                Locale.ROOT,
                "%tY%<tm%02d%d",
                day,
                day.getDayOfMonth() + 60,
                238 + day.getDayOfMonth() % 2))
        .map(number -> withCheckDigit(number, 2));
  }

  // Years that are far off, so that no real reserve number is hit.
  private String reserve(int count) {
    LocalDate day = LocalDate.of(2090, 1, 1).plusDays(random.nextInt(3650));
    return switch (count % 3) {
      // Region Stockholm's shape: 99, a year up to 2299, a serial number, a check digit over 5-11
      case 0 -> withCheckDigit(String.format(Locale.ROOT, "99%d%05d", 2280 + count % 20, count), 4);
      // Västra Götalandsregionen's shape: a date, a letter, two digits, a check digit
      case 1 -> basic(day) + "K" + String.format(Locale.ROOT, "%03d", 60 + count);
      // The national shape: the last century series, a date, two letters, sex, check digit
      default ->
          "98"
              + basic(day).substring(2)
              + letter(count)
              + letter(count / RESERVE_LETTERS.length())
              + String.format(Locale.ROOT, "%02d", random.nextInt(100));
    };
  }

  private static char letter(int n) {
    return RESERVE_LETTERS.charAt(n % RESERVE_LETTERS.length());
  }

  private List<String> shuffled(Stream<String> numbers) {
    List<String> list = new ArrayList<>(numbers.toList());
    Collections.shuffle(list, random);
    return list;
  }

  private static Stream<LocalDate> days(int firstYear, int lastYear) {
    return LocalDate.of(firstYear, 1, 1).datesUntil(LocalDate.of(lastYear + 1, 1, 1));
  }

  private static String basic(LocalDate day) {
    return day.format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  /** Modulus 10 with weights 2, 1, 2, ... from {@code first} to the end. */
  private static String withCheckDigit(String number, int first) {
    int sum =
        IntStream.range(first, number.length())
            .map(i -> Character.digit(number.charAt(i), 10) * (2 - (i - first) % 2))
            .map(product -> product / 10 + product % 10)
            .sum();
    return number + (10 - sum % 10) % 10;
  }
}
